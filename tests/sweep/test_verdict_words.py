"""What people read on a pull request: verdicts, replies and help, as goldens. The pull requests are on the sandbox."""

import os
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from reassay.ledger.answers import Answered, SignedOff
from reassay_sandbox.state import CheckRun
from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.golden import same_as_golden
from tests.lab import Lab

LAUNCH = b"""\
mode: enforce
timezone: Europe/Berlin
roles:
  rso: {users: [release-manager]}
  red-team: {users: [red-team-lead, auditor]}
gate:
  loosening:
    - {role: red-team, kind: review, excludes: [author]}
    - {role: rso, kind: approve, excludes: [author]}
  override: rso
  questions:
    - {id: spoken, text: "Does the red-teaming cover spoken requests?", role: safety-lead, of: [deployment.modalities_in]}
"""
NAMES = ("assistant", "coding-app", "batch-api", "browser")


def _deployment(name: str, modalities: str) -> bytes:
    return f"id: {name}\ntitle: The {name}\naudience: external\naccess: [api]\nmodalities_in: [{modalities}]\n".encode()


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    files = dict(FILES) | {".github/reassay.yml": LAUNCH}
    for name in NAMES:
        files[f"framework/deployments/{name}.yml"] = _deployment(name, "text")
    return GateLab.of(make_lab(files))


def _steady(text: str) -> str:
    """A text without what differs between runs: digests, ids, commits."""
    text = re.sub(r"\b[0-9a-f]{7,64}\b", "DIGEST", text.replace("\u2060", ""))
    return re.sub(r"ledger `[^`]*`", "ledger `ANCHOR`", text)


def _shown(check: CheckRun) -> str:
    return _steady(f"{check.title}\n\n{check.summary}\n")


def _keep_page(gate: GateLab, number: int) -> None:
    """The page of a pull request in a folder, to be looked at; nothing unless a folder is named."""
    folder = os.environ.get("REASSAY_KEEP_PAGES")
    if folder:
        url = f"{gate.lab.settings.server_url}/{gate.lab.name}/pull/{number}"
        with urllib.request.urlopen(url) as page:
            Path(folder, f"pull-{number}.html").write_bytes(page.read())


@pytest.mark.long
def test_a_launch_of_many_rows_is_one_line_a_person_and_one_table(gate: GateLab) -> None:
    gate.lab.box.add_user("stranger")
    gate.lab.fine()
    files = {API: AUDIO} | {f"framework/deployments/{name}.yml": _deployment(name, "text, audio") for name in NAMES}
    number = gate.propose(files, by="red-team-lead")
    check = gate.judge(number)
    same_as_golden("gate-launch.md", _shown(check))
    words, (sticky,) = check.summary, gate.sticky(number)
    table = [line for line in words.splitlines() if re.match(r"\| \d", line)]
    assert len(table) == 15
    unfolded = words.partition("<details>")[0]
    commands = re.findall(r"`/reassay [^`]*`", words)
    assert len(commands) == len(set(commands)), "each command is told once"
    assert "override" not in sticky
    assert len(unfolded.splitlines()) < 20
    # The questions of one person are one comment, and it has one reply.
    gate.lab.later(minutes=2)
    rows = [line.split("|")[1].strip() for line in table if "spoken" in line]
    said = "\n".join(f"/reassay answer {row} yes because spoken requests were tried" for row in rows)
    before = len(gate.lab.repo.thread(number).comments)
    reply = gate.say("safety-lead", number, f"{said}\n/reassay signoff 2\n- /reassay signoff 3\n")
    assert len(gate.lab.repo.thread(number).comments) == before + 2
    same_as_golden("reply-several.md", _steady(re.sub(r"reply-\d+", "reply-N", f"{reply}\n")))
    # The author holds the role of a row, and is told why that does not count.
    assert "would not count" in gate.say("red-team-lead", number, "/reassay signoff 2")
    for who, name in (
        ("auditor", "who-may-sign"),
        ("release-manager", "who-may-override"),
        ("stranger", "an-outsider"),
    ):
        words, folded = gate.say(who, number, "/reassay help").split("<details>")
        same_as_golden(f"help-pull-{name}.md", _steady(_reply(words)))
        assert "| `/reassay conclude " in folded
    _keep_page(gate, number)


def _reply(body: str) -> str:
    return re.sub(r"reply-\d+", "reply-N", f"{body}\n")


@pytest.mark.long
def test_a_verdict_says_nothing_about_a_day_that_ends_today(gate: GateLab) -> None:
    gate.lab.fine()
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    gate.say("release-manager", number, "/reassay override because the exploit is live")
    check = gate.check(number)
    until = re.search(r"Valid until ([^;]*); re-evaluated then", check.summary)
    assert until is not None
    gate.lab.later(days=3)
    gate.sweep()
    gate.push({"README.md": b"More.\n"})
    assert f"Valid until {until[1]}" not in gate.judge(number).summary


@pytest.mark.long
def test_a_line_that_only_looks_like_a_command_is_answered_once_and_never_executed(gate: GateLab) -> None:
    gate.lab.fine()
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    reply = gate.say("safety-lead", number, "My answer:\n\n- /reassay hold because it is too early")
    same_as_golden("reply-unheard.md", _steady(_reply(reply)))
    quoted = gate.say("safety-lead", number, "> /reassay hold because it is too early\n\nI agree with this.")
    assert "I agree with this" in quoted, "no reply to talk about a command"
    assert "change-held" not in gate.kinds()


RECORDING = b"""\
mode: record
timezone: Europe/Berlin
roles:
  board: {users: [release-manager]}
mitigations:
  - id: filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    last_assessed: 2026-06-11
    approval: [{role: board, excludes: [owner, assessor]}]
    checklist:
      - {id: suppliers, text: "Which suppliers were asked?", answer: words, role: owner}
"""


@pytest.fixture
def recording(make_lab: Callable[..., Lab]) -> GateLab:
    gate = GateLab.of(make_lab({"framework/mitigations.yml": RECORDING}))
    gate.lab.box.add_user("stranger")
    gate.sweep()
    return gate


def ask(gate: GateLab, who: str, text: str) -> str:
    """A comment on the issue, a run, and the one reply to it."""
    gate.lab.later(minutes=2)
    before = len(gate.lab.repo.issue(1).comments)
    gate.lab.say(who, 1, text)
    gate.sweep()
    comments = gate.lab.repo.issue(1).comments
    assert len(comments) == before + 2, "one reply to a comment"
    return _steady(_reply(str(comments[-1].body)))


@pytest.mark.long
def test_an_open_question_takes_words_and_a_whole_checklist_is_one_comment(recording: GateLab) -> None:
    gate = recording
    body = gate.lab.repo.issue(1).body
    same_as_golden("issue-next-steps.md", _steady(body.partition("### Next steps")[2].partition("<sub>Trust")[0]))
    for who, name in (("safety-lead", "the-owner"), ("stranger", "an-outsider")):
        same_as_golden(f"help-issue-{name}.md", ask(gate, who, "/reassay help").split("<details>", maxsplit=1)[0])
    answers = (
        "/reassay answer 1 yes because every place is listed",
        "/reassay answer 2: the filter was retrained on 300 new prompts",
        "/reassay answer 6 because both vendors were asked on Monday",
        "/reassay answer 1: it is complete",
    )
    same_as_golden("reply-checklist.md", ask(gate, "safety-lead", "\n".join(answers)))
    said = [body for body in gate.bodies() if isinstance(body, Answered)]
    assert [(each.item, each.answer) for each in said] == [
        ("scope", "yes"),
        ("changes", "in-words"),
        ("suppliers", "in-words"),
    ]
    table = gate.lab.repo.issue(1).body
    assert "**in words**, signed off: the filter was retrained on 300 new prompts |" in table
    assert "| 6 | Which suppliers were asked? | safety-lead | **in words**, signed off: both vendors" in table
    # `yes` to an open question is no answer of its own: the words are kept, and a `no` stays a `no`.
    ask(
        gate,
        "red-team-lead",
        "/reassay answer 3 yes because two were read\n/reassay answer 4 no because nothing shows it",
    )
    said = [body for body in gate.bodies() if isinstance(body, Answered)]
    assert [each.answer for each in said[-2:]] == ["in-words", "no"]
    assert "Usage" not in ask(gate, "red-team-lead", "/reassay answer 5: R-2026-001 is decided, next in June")


@pytest.mark.long
def test_as_a_login_is_as_the_role_of_who_writes_and_of_nobody_else(recording: GateLab) -> None:
    gate = recording
    ask(gate, "safety-lead", "/reassay answer 3: two were read")
    other = ask(gate, "safety-lead", "/reassay signoff 3 as @red-team-lead")
    assert (
        "you are @\u2060safety-lead, and nobody else can sign off as @\u2060red-team-lead".replace("\u2060", "")
        in other
    )
    assert not [body for body in gate.bodies() if isinstance(body, SignedOff)]
    assert "signed off in words" in ask(gate, "red-team-lead", "/reassay signoff 3 as @red-team-lead")
    # Who may never sign a row is not told to wait for another one.
    never = ask(gate, "safety-lead", "/reassay signoff 7")
    assert "only board can sign off row 7" in never
