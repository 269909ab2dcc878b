"""The trust in each ledger entry, and the entries about a re-assessment as lines.

`read_state` has checked the bytes, links and signatures of every entry that a `LedgerState` holds, and reads none of a ledger
with an error. What is left to tell here is whose key signed each: by the keys in force, entry by entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reassay.common.sentences import shortened
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.subject_values import LedgerLine
from reassay.evidence.kinds.figures import figures_stated
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Body, Entry
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import KeyAdded, KeyBook, key_id
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.state import LedgerState
from reassay.ledger.trust import Standing, weigh
from reassay.ledger.views.names import deed
from reassay.ledger.views.phrases import phrases

EntryTrust = Literal["signed", "unsigned", "unknown-key", "broken"]
_WORDS: Final[Mapping[Standing, EntryTrust]] = {
    "trusted": "signed",
    "self-attested": "signed",
    "unsigned": "unsigned",
    "untrusted": "unknown-key",
    "unknown": "unknown-key",
}

LONGEST: Final = 300
"""Characters of what a line says of an entry; the entry itself is in the ledger."""


@dataclass(frozen=True, slots=True)
class EntryTrusts:
    """The trust in every entry, by its number, and findings about the keys."""

    by_seq: Mapping[int, EntryTrust]
    findings: tuple[LedgerFinding, ...] = ()


def entry_trusts(ledger: LedgerState) -> EntryTrusts:
    """The trust in the entries of a ledger."""
    signers, refused, book = _signers(ledger.entries)
    paths = {key.added_by: "entries" for key in book.keys.values()}
    trust = weigh(signers, book, (), paths)
    by_seq: dict[int, EntryTrust] = {
        seq: _WORDS[span.standing] for span in trust.spans for seq in range(span.first, span.last + 1)
    }
    # Without its digest nobody can tell whether an entry is the one that the next one follows.
    unlinked = (seq for seq in by_seq if ledger.digest_of(seq) is None)
    by_seq.update(dict.fromkeys((*refused, *unlinked), "broken"))
    findings = tuple(finding for finding in trust.findings if finding.severity != "note")
    return EntryTrusts(dict(sorted(by_seq.items())), findings)


def _signers(entries: Sequence[Entry]) -> tuple[list[tuple[int, str | None]], list[int], KeyBook]:
    """The signing key of each entry, the entries that no key in force may have written, and all keys."""
    book, signers, refused = KeyBook(), [], []
    for entry in entries:
        signer = _signer(entry, book)
        signers.append((entry.seq, signer))
        if book.refusal(entry.seq, entry.body, signer) is not None:
            refused.append(entry.seq)
        else:
            book = book.add(entry.seq, entry.body)
    return signers, refused, book


def _signer(entry: Entry, book: KeyBook) -> str | None:
    """The key that a valid entry is signed by: the one in force, or the one that it introduces itself."""
    if not entry.signed:
        return None
    if isinstance(entry.body, KeyAdded) and entry.body.how != "rotation":
        return key_id(entry.body.public_key)
    return book.current


def ledger_lines(own: Reassessment, inputs: DashboardInput, trusts: EntryTrusts) -> tuple[LedgerLine, ...]:
    """Every entry about a re-assessment, in order of the ledger."""
    opening = (own.opened_seq, own.opened_at, None, own.opened)
    later = ((record.seq, record.at, record.actor, record.body) for record in own.log)
    return tuple(
        LedgerLine(
            seq=seq,
            kind=body.kind,
            at=at,
            actor=inputs.names.actor(actor).removeprefix("@"),
            words=_words(body, inputs.objects),
            digest=(inputs.ledger.digest_of(seq) or "").removeprefix("sha256:"),
            trust=trusts.by_seq.get(seq, "broken"),
        )
        for seq, at, actor, body in (opening, *later)
    )


def evidence_words(body: Attached) -> str:
    """A piece of evidence in words: `census 117 of 120 for staff, file, self-assessed`."""
    figures = f" {body.figures.counted} of {body.figures.total}" if body.figures.counted is not None else ""
    if body.figures.passed is not None:
        figures = " passed" if body.figures.passed else " failed"
    what = "result file" if body.result else body.evidence
    about = f" for {body.criterion}" if body.criterion else ""
    how = "stated without a file" if body.provenance == "word" else body.provenance.replace("-", " ")
    own = "" if body.independent else ", self-assessed"
    return f"{what}{figures}{figures_stated(body)}{about}, {how}{own}"


def _words(body: Body, objects: Mapping[str, object]) -> str:
    """What an entry did: its verdict or its due date, what was attached, else its fields."""
    if isinstance(body, Attached):
        return evidence_words(body)
    words = deed(body) or "; ".join(phrases(body.model_dump(mode="json"), objects))
    return shortened(words, LONGEST)
