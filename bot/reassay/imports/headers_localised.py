"""Column headers in German, French and Spanish, in the order of the languages, for each field."""

from collections.abc import Mapping
from typing import Final

from reassay.imports.accents import spellings

_MITIGATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (
        "maßnahmen id", "maßnahme id", "maßnahmen nr", "maßnahmennummer", "kontroll id", "kontroll nr", "kontrollnummer",
        "kennung", "kürzel", "nummer", "lfd nr", "laufende nummer", "identifiant", "numéro", "référence", "n", "id mesure",
        "identificador", "número", "referencia", "código", "id control", "id medida",
    ),
    "title": (
        "maßnahmentitel", "maßnahmenbezeichnung", "bezeichnung der maßnahme", "titel", "bezeichnung", "kurzbezeichnung",
        "maßnahme", "schutzmaßnahme", "kontrolle", "titre", "intitulé", "nom", "libellé", "nom de la mesure", "mesure",
        "contrôle", "título", "nombre", "nombre del control", "medida", "salvaguarda",
    ),
    "description": (
        "maßnahmenbeschreibung", "beschreibung", "erläuterung", "erklärung", "détails", "détail", "descripción", "detalles",
        "detalle",
    ),
    "owner": (
        "maßnahmenverantwortlicher", "verantwortlich", "verantwortliche", "verantwortlicher", "verantwortliche stelle",
        "verantwortliche person", "verantwortlichkeit", "zuständig", "zuständigkeit", "eigentümer", "eigner", "responsable",
        "équipe responsable", "personne responsable", "propriétaire", "pilote", "equipo responsable", "persona responsable",
        "propietario", "dueño",
    ),
    "assessor": (
        "prüfer", "prüferin", "prüfende stelle", "geprüft von", "geprüft durch", "bewertet von", "bewerter", "évaluateur",
        "évalué par", "vérifié par", "contrôlé par", "vérificateur", "evaluador", "evaluado por", "revisado por",
        "verificado por", "revisor",
    ),
    "every": (
        "prüfintervall", "prüfungsintervall", "prüfturnus", "prüfzyklus", "prüfrhythmus", "überprüfungsintervall",
        "prüfhäufigkeit", "häufigkeit der prüfung", "häufigkeit", "turnus", "intervall", "zyklus", "rhythmus",
        "fréquence de revue", "fréquence d évaluation", "fréquence de contrôle", "fréquence", "périodicité", "intervalle",
        "frecuencia de revisión", "frecuencia de evaluación", "frecuencia", "periodicidad", "intervalo",
    ),
    "last_assessed": (
        "letzte prüfung", "letzte überprüfung", "letzte bewertung", "letzter test", "letztes audit", "zuletzt geprüft",
        "zuletzt geprüft am", "zuletzt bewertet", "datum der letzten prüfung", "geprüft am", "dernière revue",
        "dernière évaluation", "dernière vérification", "dernier contrôle", "dernier test", "date de la dernière revue",
        "date de la dernière évaluation", "date du dernier contrôle", "dernier audit", "última revisión", "última evaluación",
        "última verificación", "última prueba", "fecha de la última revisión", "fecha de la última evaluación",
        "fecha de última revisión", "última auditoría",
    ),
    "next_due": (
        "nächste prüfung", "nächste überprüfung", "nächste bewertung", "nächster test", "nächste fälligkeit", "fällig am",
        "fälligkeit", "prochaine revue", "prochaine évaluation", "prochaine vérification", "prochain contrôle",
        "date de la prochaine revue", "échéance", "próxima revisión", "próxima evaluación", "próxima prueba",
        "fecha de la próxima revisión", "fecha de próxima revisión", "vencimiento",
    ),
    "status": (
        "umsetzungsstatus", "umsetzungsstand", "zustand", "statut", "état", "statut de mise en œuvre", "estado",
        "estado de implementación",
    ),
    "target": (
        "erfolgskriterium", "erfolgskriterien", "akzeptanzkriterium", "akzeptanzkriterien", "critère de réussite",
        "critères de réussite", "critère d acceptation", "criterio de éxito", "criterios de éxito", "criterio de aceptación",
    ),
    "standards": ("normen", "norm", "normbezug", "normes", "norme", "référentiel", "normas", "norma", "marco normativo"),
    "threat_models": (
        "risiken", "risiko", "bedrohung", "bedrohungen", "gefährdung", "gefährdungen", "risques", "risque", "menace",
        "menaces", "riesgos", "riesgo", "amenaza", "amenazas",
    ),
    "deployments": (
        "systeme", "gilt für", "anwendung", "anwendungen", "geltungsbereich", "système", "systèmes", "périmètre", "sistemas",
        "sistema", "ámbito", "alcance",
    ),
}  # fmt: skip
_HISTORY: Final[Mapping[str, tuple[str, ...]]] = {
    "mitigation": (
        "maßnahmen id", "kontroll id", "maßnahme", "kontrolle", "id mesure", "mesure", "contrôle", "id medida", "id control",
        "medida",
    ),
    "assessed_on": (
        "prüfdatum", "geprüft am", "datum der prüfung", "bewertet am", "datum", "date d évaluation", "date de contrôle",
        "date de la revue", "évalué le", "fecha de evaluación", "fecha de revisión", "fecha de prueba", "fecha",
    ),
    "decision": (
        "ergebnis", "prüfergebnis", "bewertung", "wirksamkeit", "résultat", "efficacité", "résultado", "resultado",
        "conclusión", "eficacia",
    ),
    "assessed_by": (
        "prüfer", "prüferin", "geprüft von", "geprüft durch", "bewertet von", "évaluateur", "évalué par", "vérifié par",
        "contrôlé par", "evaluador", "evaluado por", "revisado por", "verificado por",
    ),
    "summary": (
        "feststellungen", "feststellung", "bemerkungen", "bemerkung", "anmerkungen", "kommentar", "zusammenfassung",
        "constats", "remarques", "commentaires", "résumé", "hallazgos", "observaciones", "comentarios", "resumen",
    ),
    "deployments": _MITIGATIONS["deployments"],
}  # fmt: skip
MITIGATIONS_LOCALISED: Final = {field: spellings(words) for field, words in _MITIGATIONS.items()}
HISTORY_LOCALISED: Final = {field: spellings(words) for field, words in _HISTORY.items()}
