"""What a blocked author reads: what is true in this mode, one step a line, and only commands that somebody may give."""

import re
from collections.abc import Callable

import pytest

from tests.gate_lab import API, AUDIO, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, PUBLIC_API, GateLab
from tests.lab import Lab

ROLES = b"""\
mode: enforce
timezone: Europe/Berlin
roles:
  board: {users: [release-manager]}
gate:
  loosening:
    - {role: red-team-lead, kind: review, excludes: [author]}
    - {role: board, excludes: [author]}
"""
QUESTION = b"""\
  questions:
    - {id: spoken, text: "Does the red-teaming cover spoken requests?", role: safety-lead, of: [deployment.modalities_in]}
"""


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(configuration: bytes) -> GateLab:
        gate = GateLab.of(make_lab(dict(FILES) | {".github/reassay.yml": configuration}))
        gate.lab.fine()
        return gate

    return make


def steps_of(summary: str) -> list[str]:
    """The lines under "Next steps"."""
    return [line for line in summary.partition("<details>")[0].splitlines() if line.startswith("- ")]


@pytest.mark.long
def test_where_nothing_is_blocked_nothing_says_so(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(CONFIGURATION.replace(b"enforce", b"advise"))
    number = gate.propose({API: AUDIO})
    check = gate.judge(number)
    assert check.conclusion == "SUCCESS"
    assert check.title.startswith("Would be blocked in mode enforce: ")
    assert "The check passes, because mode `advise` blocks nothing." in check.summary
    asked = [gate.say("red-team-lead", number, f"/reassay {verb}") for verb in ("help", "explain")]
    for words in (reply.replace("\u2060", "") for reply in asked):
        assert "would be blocked in mode `enforce`" in words.partition("<details>")[0]
    assert "is blocked" not in "".join(asked)


@pytest.mark.long
@pytest.mark.parametrize("override", [b"", b"  override: board\n"])
def test_each_step_is_a_line_and_an_override_is_offered_by_name_or_not_at_all(
    make_gate: Callable[..., GateLab], override: bytes
) -> None:
    gate = make_gate(ROLES + override)
    typos = MITIGATIONS.replace(b"every: 1 year", b"evry: 1 year", 1)
    number = gate.propose({API: AUDIO, MITIGATION_FILE: typos}, by="red-team-lead")
    check = gate.judge(number)
    words = check.summary.replace("\u2060", "")
    steps = steps_of(words)
    assert [line for line in steps if "Did you mean 'every'?" in line and "nobody may sign off" not in line]
    assert [line for line in steps if "nobody may sign off" in line]
    assert "?." not in words
    for line in steps:
        assert " · " not in line or line.startswith("- @"), "only what one person does is one line"
    assert ("`/reassay override" in words) is bool(override)
    assert ("or @release-manager comments: `/reassay override because ...`" in words) is bool(override)


@pytest.mark.long
def test_a_title_is_never_cut_within_its_sentence(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(CONFIGURATION.replace(b"enforce", b"advise").replace(b"  override", QUESTION + b"  override"))
    name = b"the-public-interface-of-a-lab-with-a-long-name"
    gate.lab.repo.commit({API: PUBLIC_API.replace(b"public-api", name)}, message="a long name", author="safety-lead")
    check = gate.judge(gate.propose({API: AUDIO.replace(b"public-api", name)}, by="red-team-lead"))
    assert "…" not in check.title
    assert "sign-off" in check.title


@pytest.mark.long
def test_a_usage_that_is_pasted_and_an_answer_no_say_what_to_do(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(ROLES + QUESTION)
    number = gate.propose({API: AUDIO})
    summary = gate.judge(number).summary
    (command,) = re.findall(r"`(/reassay answer [^`]*)`", summary)
    pasted = gate.say("safety-lead", number, command)
    assert "Nothing was recorded" in pasted
    assert "keep one of `yes`, `no`" in pasted
    assert "Did you mean" not in pasted
    said = gate.say("safety-lead", number, "/reassay answer 1 no because none was tried")
    assert "It does not settle row 1: the check says what would" in said
    (step,) = [line for line in steps_of(gate.check(number).summary) if "answered `no`" in line]
    assert "answer again" in step
