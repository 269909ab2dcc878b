"""Headers, intervals, status words, results and dates in German, French and Spanish."""

from datetime import date

import pytest

from reassay.imports.columns import meaning
from reassay.imports.dates import read_date
from reassay.imports.durations import read_cadence
from reassay.imports.headers import HISTORY, MITIGATIONS
from reassay.imports.vocabularies import DECISION, STATUS, read_word
from tests.unit.imports.sheets import imported

HEADERS = {
    "id": "Maßnahmen-ID Kontroll-Nr. Identifiant N° Referencia Código ControlID controlId",
    "title": "Maßnahme Bezeichnung Titre Intitulé Título Medida ControlName",
    "owner": "Verantwortlich Zuständigkeit Eigentümer Eigentuemer Responsable Propriétaire Dueño controlOwner ControlOwner",
    "every": "Prüfintervall Pruefintervall Turnus Häufigkeit Haeufigkeit Fréquence Périodicité Frecuencia ReviewFrequency",
    "last_assessed": "Letzte_Prüfung Zuletzt_geprüft Dernière_revue Derniere_revue Última_revisión LastReviewDate lastTested",
    "next_due": "Nächste_Prüfung Naechste_Pruefung Fällig_am Prochaine_revue Échéance Próxima_revisión NextReviewDue nextReview",
    "assessor": "Prüfer Geprüft_von Évaluateur Evaluado_por",
    "status": "Umsetzungsstatus Statut État Estado ImplementationStatus",
    "threat_models": "Risiko Risques Riesgos",
}
PAST = {
    "assessed_on": "Prüfdatum Datum Fecha TestDate",
    "decision": "Ergebnis Wirksamkeit Résultat Resultado TestResult",
    "assessed_by": "Geprüft_von Évalué_par Revisado_por",
    "summary": "Feststellungen Constats Observaciones",
}


@pytest.mark.parametrize(("field", "headers"), HEADERS.items())
def test_headers_of_a_list_of_controls(field: str, headers: str) -> None:
    assert {header: meaning(header.replace("_", " "), MITIGATIONS) for header in headers.split()} == dict.fromkeys(
        headers.split(), field
    )


@pytest.mark.parametrize(("field", "headers"), PAST.items())
def test_headers_of_past_assessments(field: str, headers: str) -> None:
    assert {header: meaning(header.replace("_", " "), HISTORY) for header in headers.split()} == dict.fromkeys(
        headers.split(), field
    )


def test_no_header_means_two_fields() -> None:
    for guide in (MITIGATIONS, HISTORY):
        places: dict[str, list[str]] = {}
        for field, words in guide.items():
            for word in words:
                places.setdefault(word, []).append(field)
        repeated = {word: fields for word, fields in places.items() if len(fields) > 1}
        assert {word for word in repeated if not word.isascii()} == set()
        assert repeated.keys() <= {"id", "ref", "reference", "title", "status", "name"}, repeated


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jährlich", "1 year"), ("Jaehrlich", "1 year"), ("halbjährlich", "6 months"), ("vierteljährlich", "3 months"),
        ("quartalsweise", "3 months"), ("monatlich", "1 month"), ("alle 6 Monate", "6 months"), ("alle zwei Jahre", "2 years"),
        ("6-monatlich", "6 months"), ("14-tägig", "2 weeks"), ("2x pro Jahr", "6 months"), ("zweimal jährlich", "6 months"),
        ("mindestens jährlich", "1 year"), ("3 bis 6 Monate", "3 months to 6 months"), ("jedes Quartal", "3 months"),
        ("annuel", "1 year"), ("semestriel", "6 months"), ("trimestriellement", "3 months"), ("tous les 6 mois", "6 months"),
        ("tous les ans", "1 year"), ("deux fois par an", "6 months"), ("chaque trimestre", "3 months"), ("au moins annuel", "1 year"),
        ("3 à 6 mois", "3 months to 6 months"), ("bimestriel", "2 months"), ("anual", "1 year"), ("semestral", "6 months"),
        ("cada 6 meses", "6 months"), ("cada dos años", "2 years"), ("dos veces al año", "6 months"), ("cada trimestre", "3 months"),
        ("cuatrimestral", "4 months"), ("laufend", "unspecified"), ("bei Bedarf", "unspecified"), ("au besoin", "unspecified"),
        ("en continu", "unspecified"), ("según sea necesario", "unspecified"), ("por definir", "unspecified"),
    ],
)  # fmt: skip
def test_intervals(text: str, words: str) -> None:
    cadence = read_cadence(text).value
    assert cadence is not None
    assert cadence.words() == words


@pytest.mark.parametrize("number", range(1, 61, 7))
def test_counted_intervals_are_those_of_english(number: int) -> None:
    english = read_cadence(f"every {number} months").value
    for text in (f"alle {number} Monate", f"tous les {number} mois", f"cada {number} meses", f"{number} Monate"):
        assert read_cadence(text).value == english


@pytest.mark.parametrize("text", ["bisannuel", "bianual", "zweimonatlich", "bimensuel"])
def test_a_word_with_two_meanings_is_left_out(text: str) -> None:
    cell = read_cadence(text)
    assert (cell.value, cell.why.startswith("ambiguous: ")) == (None, True)


@pytest.mark.parametrize(
    "text", ["alle paar Monate", "quincenal", "nach Plan", "selon le plan", "según el plan", "mensuel et annuel"]
)
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    cell = read_cadence(text)
    assert (cell.value, bool(cell.why)) == (None, True)


def test_the_rest_of_a_text_is_said() -> None:
    cell = read_cadence("jährlich und nach Vorfällen")
    assert cell.value is not None
    assert (cell.value.words(), cell.why) == ("1 year", "'nach vorfällen' is not an interval and was left out")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "außer Betrieb|AUSSER BETRIEB|zurückgezogen|retiré|Retirée|hors service|retirado|fuera de servicio|obsolète",
            "retired",
        ),
        ("umgesetzt|in Betrieb|en place|mis en œuvre|mis en oeuvre|implementado|en vigor", "active"),
        ("geplant|nicht umgesetzt|prévu|prevu|planificado|borrador", "proposed"),
    ],
)
def test_status_words(words: str, status: str) -> None:
    assert {word: read_word(word, STATUS).value for word in words.split("|")} == dict.fromkeys(words.split("|"), status)


def test_a_safeguard_out_of_service_is_never_active() -> None:
    rows = [(f"{number}", "T", "o", word) for number, word in enumerate(("außer Betrieb", "retiré", "retirado"))]
    taken = imported(("ID", "Title", "Owner", "Zustand"), *rows).taken
    assert [row.mitigation.status for row in taken] == ["retired"] * 3


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        ("wirksam|bestanden|efficace|eficaz", "effective"),
        ("teilweise wirksam|partiellement efficace|parcialmente eficaz", "degraded"),
        ("unwirksam|nicht wirksam|inefficace|non conforme|ineficaz|no eficaz", "ineffective"),
    ],
)
def test_results(words: str, decision: str) -> None:
    assert {word: read_word(word, DECISION).value for word in words.split("|")} == dict.fromkeys(
        words.split("|"), decision
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2025", date(2025, 12, 31)), ("31. Dezember 2025", date(2025, 12, 31)), ("15. März 2026", date(2026, 3, 15)),
        ("1er janvier 2026", date(2026, 1, 1)), ("12 août 2025", date(2025, 8, 12)), ("1 de enero de 2026", date(2026, 1, 1)),
        ("15-Mrz-26", date(2026, 3, 15)), ("Mai 2026", None), ("März 2026", None),
    ],
)  # fmt: skip
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text, None).value == day
