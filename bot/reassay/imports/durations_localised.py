"""Intervals in German, French and Spanish, translated word by word into English; a text with another word is not translated."""

import re
from collections.abc import Mapping
from typing import Final

from reassay.imports.accents import without_accents

_WHOLE: Final[Mapping[str, str]] = {
    "taglich": "1 day", "wochentlich": "1 week", "vierzehntaglich": "2 weeks", "zweiwochentlich": "2 weeks",
    "monatlich": "1 month", "quartalsweise": "3 months", "vierteljahrlich": "3 months", "dreimonatlich": "3 months",
    "pro quartal": "3 months", "halbjahrlich": "6 months", "jedes halbjahr": "6 months", "pro halbjahr": "6 months",
    "sechsmonatlich": "6 months", "jahrlich": "1 year", "einmal jahrlich": "1 year", "zweijahrlich": "2 years",
    "zweijahrig": "2 years", "dreijahrlich": "3 years", "quotidien": "1 day", "quotidienne": "1 day",
    "hebdomadaire": "1 week", "mensuel": "1 month", "mensuelle": "1 month", "mensuellement": "1 month",
    "bimestriel": "2 months", "bimestrielle": "2 months", "trimestriel": "3 months", "trimestrielle": "3 months",
    "trimestriellement": "3 months", "chaque semestre": "6 months", "semestriel": "6 months", "semestrielle": "6 months",
    "semestriellement": "6 months", "annuel": "1 year", "annuelle": "1 year", "annuellement": "1 year",
    "biennal": "2 years", "biennale": "2 years", "triennal": "3 years", "triennale": "3 years", "diario": "1 day",
    "diaria": "1 day", "semanal": "1 week", "semanalmente": "1 week", "mensual": "1 month", "mensualmente": "1 month",
    "bimestral": "2 months", "trimestral": "3 months", "trimestralmente": "3 months", "cuatrimestral": "4 months",
    "cada semestre": "6 months", "semestral": "6 months", "semestralmente": "6 months", "anual": "1 year",
    "anualmente": "1 year", "bienal": "2 years", "trienal": "3 years",
    # Both of twice a year and every two years are meant by these.
    "bisannuel": "biannual", "bisannuelle": "biannual", "biannuel": "biannual", "biannuelle": "biannual",
    "bianual": "biannual", "zweimonatlich": "bimonthly", "bimensuel": "bimonthly", "bimensuelle": "bimonthly",
    "bimensual": "bimonthly",
}  # fmt: skip
_VAGUE = re.compile(
    r"regelmassig|laufend|fortlaufend|kontinuierlich|standig|(bei|nach) bedarf|anlassbezogen|anlassbasiert|unregelmassig|"
    r"fallweise|noch (offen|festzulegen|unklar)|zu klaren|unbekannt|regulierement|periodiquement|periodique|en continu|continu|"
    r"(au|si|en cas de) (besoin|necessaire)|a la demande|ponctuel(lement)?|a (definir|determiner)|inconnue?|periodicamente|"
    r"periodica?o?|regularmente|continu[ao]|continuamente|en continuo|(segun|cuando) (sea )?(necesario|necesidad|proceda)|"
    r"a demanda|bajo demanda|por definir|por determinar|desconocid[ao]"
)
_PHRASES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("alle", "aller", "jede", "jeden", "jedes", "jeder", "tous les", "toutes les", "chaque", "cada",
                     "todos los", "todas las"), "every"),
    **dict.fromkeys(("pro", "je", "im", "in", "par", "por", "al", "a la"), "per"),
    **dict.fromkeys(("jahrlich", "annuel", "anual"), "per year"),
    **dict.fromkeys(("mindestens", "wenigstens", "au moins", "au minimum", "al menos", "como minimo"), "at least"),
    **dict.fromkeys(("etwa", "ca", "ungefahr", "environ", "aproximadamente"), "about"),
    **dict.fromkeys(("mal", "fois", "veces", "vez"), "times"),
    **dict.fromkeys(("einmal",), "once"), **dict.fromkeys(("zweimal",), "twice"), **dict.fromkeys(("dreimal",), "thrice"),
    **dict.fromkeys(("viermal",), "4 times"),
    **dict.fromkeys(("bis", "hasta"), "to"),
    **dict.fromkeys(("tag", "tage", "tagen", "tagig", "taglich", "jour", "jours", "dia", "dias"), "days"),
    **dict.fromkeys(("woche", "wochen", "semaine", "semaines", "semana", "semanas"), "weeks"),
    **dict.fromkeys(("monat", "monate", "monaten", "mois", "mes", "meses", "monatlich", "monatig"), "months"),
    **dict.fromkeys(("quartal", "quartale", "quartalen", "trimestre", "trimestres"), "quarters"),
    **dict.fromkeys(("jahr", "jahre", "jahren", "an", "ans", "annee", "annees", "ano", "anos", "jahrig"), "years"),
}  # fmt: skip
_COUNTS: Final = (
    ("ein", "eine", "einen", "einem", "un", "une", "uno", "una"), ("zwei", "deux", "dos"), ("drei", "trois", "tres"),
    ("vier", "quatre", "cuatro"), ("funf", "cinq", "cinco"), ("sechs", "six", "seis"), ("sieben", "sept", "siete"),
    ("acht", "huit", "ocho"), ("neun", "neuf", "nueve"), ("zehn", "dix", "diez"), ("elf", "onze", "once"),
    ("zwolf", "douze", "doce"),
)  # fmt: skip
_NUMBERS: Final[Mapping[str, str]] = {
    **{word: str(number) for number, words in enumerate(_COUNTS, start=1) for word in words},
    **dict.fromkeys(("achtzehn", "dix-huit", "dieciocho"), "18"),
    **dict.fromkeys(("vierundzwanzig", "vingt-quatre", "veinticuatro"), "24"),
    **dict.fromkeys(("sechsunddreissig", "trente-six", "treinta y seis"), "36"),
}
_WORDS: Final = {**_NUMBERS, **_PHRASES}
_ANY = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})\b")
_REST = re.compile(r"[\d\s.\-\u2013x]*")
_BETWEEN = re.compile(r"(\d+) a (\d+)")


def in_english(words: str) -> str | None:
    """The text in English, for example `every 6 months` for `alle 6 Monate`; None if it has a word of no such language."""
    plain = re.sub(r"\s+", " ", without_accents(words).replace("ae", "a").replace("ue", "u")).strip(" .")
    for text in (re.sub(r"\s+", " ", without_accents(words)).strip(" ."), plain):
        if text in _WHOLE:
            return _WHOLE[text]
        if _VAGUE.fullmatch(text):
            return "periodically"
        spread = re.sub(r"(?<=\d)(?=[a-z])(?!x\b)|(?<=\d)-(?=[a-z])", " ", _BETWEEN.sub(r"\1 to \2", text))
        if _REST.fullmatch(_ANY.sub("", spread.replace(" to ", " "))) and _ANY.search(spread):
            english = re.sub(r"\s+", " ", _ANY.sub(lambda match: _WORDS[match[0]], spread).replace(".", " ")).strip()
            return re.sub(r"\bper (day|week|month|quarter|year)s\b", r"per \1", english)
    return None
