"""What a mail programme quotes below an answer without marking it with `>`: it is somebody else's text, said before."""

import re

_WHEN = r"\d{4}[^\n]*\d{1,2}[:.h]\d{2}"
_VERBS = r"wrote|schrieb|a \u00e9crit|escribi\u00f3|ha scritto|schreef|escreveu|skrev|napisa\u0142|pisze"
_ATTRIBUTION = re.compile(
    rf"^(?=[^\n]*{_WHEN}|[^\n]*<[^>\n]+@)[^\n]*(?:\n[^\n]*)?\b(?:{_VERBS})\b[^\n:]*\s?:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""`On Mon, 1 Dec 2026 at 10:00, somebody <address> wrote:`, also over two lines."""
_DIVIDER = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:original message|forwarded message|urspr\u00fcngliche nachricht|message d'origine|mensaje original)"
    r"[ \t]*-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FROM, _SENT = "from|von|de|da", "sent|date|to|gesendet|an|datum|envoy\u00e9|enviado|inviato"
_HEADERS = re.compile(
    rf"^[ \t]*\**(?:{_FROM})\**:[^\n]*\n(?:[^\n]*\n)?[ \t]*\**(?:{_SENT})\**:", re.MULTILINE | re.IGNORECASE
)


def own_text(body: str) -> str:
    """A comment up to the mail that it quotes."""
    starts = [match.start() for form in (_ATTRIBUTION, _DIVIDER, _HEADERS) if (match := form.search(body))]
    return body[: min(starts)] if starts else body
