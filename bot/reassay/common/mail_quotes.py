"""Quotes of mail programs: text of an earlier mail below an answer that is not marked with `>`."""

import re

_WHEN = r"(?:\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b)[^\n]*\d{1,2}(?:[:.h]\d{2}|\s?[AP]M\b)"
_LONGEST = 400
"""Characters of a line that can be an attribution; a longer one is not, and looking through it would take long."""
_VERBS = (
    r"wrote|schrieb|schrieben|a \u00e9crit|escribi\u00f3|ha scritto|scrisse|schreef|heeft geschreven|geschreven|escreveu|skrev|"
    r"kirjoitti|napisa\u0142|napisa\u0142a|napisa\u0142\(a\)|pisze|napsal|napsala|napsal\(a\)|\u043d\u0430\u043f\u0438\u0441\u0430\u043b|"
    r"\u043d\u0430\u043f\u0438\u0441\u0430\u043b\u0430|\u043d\u0430\u043f\u0438\u0441\u0430\u043b\(\u0430\)|yazd\u0131"
)
_VERBS_WITHOUT_BLANKS = (
    r"\u5199\u9053|\u5beb\u9053|\u66f8\u304d\u307e\u3057\u305f|\u306e\u30e1\u30fc\u30eb|\uc791\uc131"
)
_ATTRIBUTION = re.compile(
    rf"^(?![^\n]{{{_LONGEST}}})(?=[^\n]*{_WHEN}|[^\n]*<[^>\n]+@)[^\n]*(?:\n(?![^\n]{{{_LONGEST}}})[^\n]*)?(?:(?<!\w)(?:{_VERBS})(?!\w)|{_VERBS_WITHOUT_BLANKS})"
    r"[^\n:\uff1a]*\s?[:\uff1a][^\S\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""`On Mon, 1 Dec 2026 at 10:00, somebody <address> wrote:`, also over two lines."""
_DIVIDERS = (
    "original message|original appointment|forwarded message|begin forwarded message|urspr\u00fcngliche nachricht|"
    "weitergeleitete nachricht|message d['\u2019]origine|message original|message transf\u00e9r\u00e9|mensaje original|"
    "mensaje reenviado|messaggio originale|mensagem original|oorspronkelijk bericht|ursprungligt meddelande|"
    "oprindelig meddelelse|opprinnelig melding|wiadomo\u015b\u0107 oryginalna|\u539f\u59cb\u90ae\u4ef6|\u539f\u59cb\u90f5\u4ef6"
)
_DIVIDER = re.compile(rf"^[^\S\n]*-{{2,}}[^\S\n]*(?:{_DIVIDERS})[^\S\n]*-{{2,}}[^\S\n]*$", re.MULTILINE | re.IGNORECASE)
_FROM = "from|von|de|da|van|fr\u00e5n|fra|od|\u53d1\u4ef6\u4eba|\u5dee\u51fa\u4eba"
_SENT = (
    "sent|date|to|cc|subject|gesendet|an|datum|betreff|envoy\u00e9|objet|\u00e0|enviado(?: el)?|fecha|para|asunto|inviato|data|"
    "oggetto|verzonden|aan|onderwerp|skickat|till|sendt|til|emne|wys\u0142ano|do|\u53d1\u9001\u65f6\u95f4|\u9001\u4fe1\u65e5\u6642"
)
_HEADER = r"[^\S\n]*\**(?:%s)\**\s?[:\uff1a][^\n]*\n"
_HEADERS = re.compile(
    rf"^{_HEADER % _FROM}(?:[^\n]+\n)?(?:{_HEADER % _SENT}(?:[^\n]+\n)?){{2}}", re.MULTILINE | re.IGNORECASE
)
"""From, and two more lines of a header: a comment may well say `From: January` and `To: June` itself."""
_HEADERS_WITH_ADDRESS = re.compile(
    r"^[^\S\n]*\**[^\W\d_][^\n:\uff1a*<]{1,24}\**\s?[:\uff1a][^\n]*<[^>\n]*@[^\n]*\n"
    r"(?:[^\S\n]*\**[^\W\d_][^\n:\uff1a*<]{1,24}\**\s?[:\uff1a][^\n]*\n){2}",
    re.MULTILINE,
)
"""A header in any language: somebody with an address in angle brackets, and two more lines."""


_BLANKS = re.compile(r"[^\S\n]")
_FORMS = (_ATTRIBUTION, _DIVIDER, _HEADERS, _HEADERS_WITH_ADDRESS)


def own_text(body: str) -> str:
    """A comment up to the mail that it quotes."""
    text = f"{_BLANKS.sub(' ', body)}\n"
    starts = [match.start() for form in _FORMS if (match := form.search(text))]
    return body[: min(starts)] if starts else body
