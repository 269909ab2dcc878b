"""The reply to a comment with commands: one for all of them. A single command is answered in sentences, several in one table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.approvals.command_context import Receipt, Refusal
from reassay.assessment.cells import AssessmentInput
from reassay.commands.registry import NotUnderstood, Unheard
from reassay.common.environment import render
from reassay.common.inert import Markdown, mention, prose
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.views.next_steps import next_steps
from reassay.github.section import keyed
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.account import Comment
from reassay.sweep.views.comments import CommentDraft

_SHOWN = 60
"""Characters of a command that a table shows; its reason is left out."""


@dataclass(frozen=True, slots=True)
class CommandReply:
    """The reply to one command."""

    text: Markdown
    """The reply without the mention of the person."""
    is_done: bool = True
    """Whether the command had an effect, or showed what it asked for."""
    cell: Markdown | None = None
    """The text in one line, for a row of a table; None for what takes more than that."""
    common: tuple[str, ...] = ()
    """Sentences that are equal for all commands of a comment, without a full stop."""
    undo: tuple[int, ...] = ()
    """Rows that `/reassay withdraw` takes back."""


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line of a comment, and the reply to it."""

    words: str
    """The words after `/reassay`; empty for a reply to the whole comment."""
    reply: CommandReply

    @property
    def command(self) -> str:
        """The command without its reason."""
        words = f"/reassay {self.words}".partition(" because ")[0].strip()
        return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def reply_key(comment: Comment) -> str:
    """The key of the reply to a comment."""
    return f"reply-{comment.id}-0"


def reply_draft(comment: Comment, lines: Sequence[AnsweredLine]) -> CommentDraft:
    """The one reply to a comment, in the order of its lines."""
    to = Markdown(f"{mention(comment.author.login)}:") if comment.author else Markdown("")
    body = _single(lines[0].reply, to) if len(lines) == 1 else _several(lines, to)
    return CommentDraft(reply_key(comment), keyed(reply_key(comment), body))


def _single(reply: CommandReply, to: Markdown) -> str:
    text = f"{reply.text}{''.join(f' {prose(line)}.' for line in reply.common)}"
    return f"{to} {text}{_undo(reply.undo)}"


def _several(lines: Sequence[AnsweredLine], to: Markdown) -> str:
    common = dict.fromkeys(sentence for line in lines for sentence in line.reply.common)
    undo = tuple(sorted({row for line in lines for row in line.reply.undo}))
    return render(
        "sweep/replies",
        to=to,
        commands=[line for line in lines if line.words],
        failed=sum(not line.reply.is_done for line in lines if line.words),
        rows=[line for line in lines if line.reply.cell is not None and line.words],
        common=list(common),
        undo=Markdown(_undo(undo).strip()),
        longer=[line for line in lines if line.reply.cell is None or not line.words],
    )


def _undo(rows: Sequence[int]) -> str:
    return f" Undo: `/reassay withdraw {' '.join(map(str, rows))}`." if rows else ""


def recorded(
    receipt: Receipt, done: Sequence[LedgerRecord], assessment_input: AssessmentInput, by: str
) -> CommandReply:
    """The receipt of a command, from its records; a table does not repeat the login of who wrote it."""
    entries = [record.seq for record in done]
    in_table = replace(receipt, what=receipt.what.removeprefix(f"@{by}, "))
    mode = assessment_input.register.configuration.mode or "remind"
    unsigned = not done[-1].signed and mode != "remind"
    common = (*receipt.common, *(("This entry is not signed with the ledger's key",) if unsigned else ()))
    return CommandReply(
        render("sweep/recorded", entries=entries, receipt=receipt, is_cell=False),
        cell=render("sweep/recorded", entries=entries, receipt=in_table, is_cell=True),
        common=common,
        undo=receipt.undo,
    )


def refusal(refused: Refusal, line: str = "") -> CommandReply:
    """The reason why a command was refused; `line` is shown where it is the only one."""
    values = {"why": refused.why, "remedy": refused.remedy, "details": refused.details}
    return CommandReply(
        render("sweep/refused", **values, line=line, is_cell=False),
        is_done=False,
        cell=render("sweep/refused", **values, line="", is_cell=True),
    )


def misunderstood(problem: NotUnderstood) -> CommandReply:
    """The error in a command line, and the usage."""
    values = {"message": problem.message, "usage": f"/reassay {problem.usage}" if problem.usage else ""}
    return CommandReply(
        render("sweep/misunderstood", **values, is_cell=False),
        is_done=False,
        cell=render("sweep/misunderstood", **values, is_cell=True),
    )


def not_heard(line: Unheard) -> CommandReply:
    """The reason why a line that looks like a command was not read as one."""
    return CommandReply(render("sweep/unheard", line=line.line, why=line.why), is_done=False)


def waits_for_second(comment: Comment, people: Sequence[str], until: date) -> CommandReply:
    """The request for a second person's confirmation."""
    asker = comment.author.login.lower() if comment.author else ""
    others = [login for login in people if login.lower() != asker]
    text = render("sweep/waits_for_second", people=others, number=comment.id, until=until)
    return CommandReply(text, cell=text)


def elsewhere(*, on_pull: bool = False) -> CommandReply:
    """Refuses a command in an issue or pull request where it does not apply."""
    what = (
        "this command is for the issue of a re-assessment, not for a pull request"
        if on_pull
        else "this issue is not a re-assessment"
    )
    return refusal(Refusal(what, "Comment on the re-assessment's issue; `reassay status` lists the open ones."))


def re_evaluated(gate_input: GateInput) -> CommandReply:
    """The present verdict in short; the check has all of it."""
    verdict = decide(gate_input)
    steps = next_steps(verdict, gate_input)
    head = gate_input.proposal.head[:7]
    enforces = gate_input.assessment_input.register.enforces
    return CommandReply(render("gate/gate_explained", verdict=verdict, steps=steps, head=head, enforces=enforces))
