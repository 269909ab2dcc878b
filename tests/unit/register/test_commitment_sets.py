"""The ready-made sets: each is read without an error, and its clocks end when the texts say."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reassay.assessment.cells import State
from reassay.assessment.triggers.base import Fired, Pending
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.cli import main
from reassay.common.environment import templates_folder
from reassay.ledger.entry import Opened
from reassay.ledger.risks import Asserted
from reassay.register.commitment import Commitment
from reassay.register.commitment_sets import BY_NAME, SETS
from reassay.register.files import WorkingTree, read_register
from reassay.register.files.commitment_sets import register_of
from reassay.register.finding import FindingSeverity
from reassay.register.incident import Incident
from reassay.register.trigger_specs import InvalidationConditionSpec
from tests.make import Story, deployment, made, model, register

ABOUT_OBJECTS = {"eu-code-of-practice", "google-deepmind-fsf", "openai-preparedness"}
"""Sets of which nothing is open but the models and deployments that they are about."""
EXPECTED_WARNINGS = {"no-interval", "selects-nothing"}
UNNAMED = {
    "anthropic-rsp-2-2": {
        f"'your-{role}' is a placeholder, so nobody is named in this commitment"
        for role in ("responsible-scaling-officer", "chief-executive")
    }
}
"""Officers that a framework names, whom every organisation has to name itself."""
SEEN = datetime(2027, 2, 1, 6, tzinfo=UTC)
AWARE = datetime(2027, 2, 1, 10, tzinfo=UTC)
LEARNED = datetime(2027, 2, 1, 12, tzinfo=UTC)
DETERMINED = datetime(2027, 2, 2, 15, tzinfo=UTC)
RESOLVED = datetime(2027, 2, 3, 9, tzinfo=UTC)
NOW = datetime(2027, 2, 3, 12, tzinfo=UTC)
"""A Wednesday."""
BECAUSE = f"sha256:{'0' * 64}"


def of(name: str) -> Mapping[str, Commitment]:
    people = {"owner": "safety-lead", "assessor": "red-team-lead"}
    return {key: entry.value.model_copy(update=people) for key, entry in register_of(BY_NAME[name]).commitments.items()}


def incident(*circumstances: str, **fields: object) -> Incident:
    dates = {"first_seen_at": SEEN, "aware_at": AWARE, "learned_at": LEARNED, "determined_at": DETERMINED}
    written = {f"{key}": value.isoformat() for key, value in dates.items()}
    return made(Incident, id="case", severity="critical", circumstances=list(circumstances), **written, **fields)


def ends(commitment: Commitment, event: Incident) -> dict[str, datetime]:
    """The end of every deadline that runs, by its id, also of those that are not asked for yet."""
    story = Story(register(commitment, event), NOW.date())
    story.now = NOW
    (cell,) = story.assessment_input.cells
    ids = {deadline.words(): deadline.id or "" for deadline in commitment.deadlines}
    dated = [result for result in cell.results if isinstance(result, Fired | Pending) and result.kind == "deadline"]
    found = [(own, result.due_at) for result in dated for words, own in ids.items() if words in result.reason]
    return {own: end for own, end in found if end is not None}


def test_every_file_is_a_set_and_every_set_has_its_file() -> None:
    files = {file.stem for file in (templates_folder() / "commitment-sets").glob("*.yml")}
    assert files == set(BY_NAME) == {own.name for own in SETS}
    assert list(BY_NAME) == sorted(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_set_is_read_without_an_error_and_every_statement_has_its_source(name: str) -> None:
    read = register_of(BY_NAME[name])
    assert read.errors == ()
    assert {finding.code for finding in read.findings} <= EXPECTED_WARNINGS
    assert {finding.severity for finding in read.findings} <= {FindingSeverity.WARNING}
    assert read.commitments
    for entry in read.commitments.values():
        source = entry.value.source
        assert source.url, entry.value.id
        assert source.url.startswith("https://")
        assert source.section, entry.value.id
        assert source.version, entry.value.id
        assert len(entry.value.statement) > 60, "a statement in words of its own"
    assert read.findings == () or "no-interval" in {f.code for f in read.findings} or name in ABOUT_OBJECTS


@pytest.mark.parametrize("name", BY_NAME)
def test_what_was_read_second_hand_says_so_in_the_set_and_in_its_list(name: str) -> None:
    second_hand = {key for key, own in of(name).items() if own.source.second_hand}
    assert bool(second_hand) == ("second-hand" in BY_NAME[name].how_read)
    for key in second_hand:
        assert "(read second-hand: " in of(name)[key].source.words()


def test_second_hand_are_exactly_these() -> None:
    assert {key for own in SETS for key, value in of(own.name).items() if value.source.second_hand} == {
        "ai-act-serious-incidents",
        *("rsp22-annual-safeguards", "rsp22-4x-or-6-months", "rsp22-operating-range"),
        *("rsp34-risk-report", "rsp34-third-party-annual", "rsp34-third-party-annual-update"),
        *("fsf31-new-capability", "fsf31-yearly", "pf2-deployment-conditions", "pf2-safeguards-not-working"),
        "iso-42001-risk-assessment",
        "iso-42001-impact-assessment",
        "raise-framework-review",
        "raise-framework-change",
    }


HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
INCIDENTS = [
    # California, 22757.13(c): within 15 days of discovering; within 24 hours if death or serious injury is imminent.
    ("california-sb-53", "sb53-incident-report", (), {"report": SEEN + 15 * DAYS}),
    ("california-sb-53", "sb53-incident-report", ("imminent-death-or-injury",),
     {"disclosure": SEEN + 24 * HOURS, "report": SEEN + 15 * DAYS}),
    # New York, 1422(3): 72 hours from determination or from learning, whichever is earlier; 24 hours to an authority.
    ("new-york-raise", "raise-incident-report", (), {"report": LEARNED + 72 * HOURS}),
    ("new-york-raise", "raise-incident-report", ("imminent-death-or-injury",),
     {"disclosure": SEEN + 24 * HOURS, "report": LEARNED + 72 * HOURS}),
    # Code of Practice, 9.3: not later than 2, 5, 10 or 15 days after becoming aware of the model's involvement.
    ("eu-code-of-practice", "eu-cop-serious-incidents", (), {"initial-report": AWARE + 15 * DAYS}),
    ("eu-code-of-practice", "eu-cop-serious-incidents", ("death",), {"initial-report": AWARE + 10 * DAYS}),
    ("eu-code-of-practice", "eu-cop-serious-incidents", ("cybersecurity-breach",), {"initial-report": AWARE + 5 * DAYS}),
    ("eu-code-of-practice", "eu-cop-serious-incidents", ("critical-infrastructure",), {"initial-report": AWARE + 2 * DAYS}),
    ("eu-code-of-practice", "eu-cop-serious-incidents", ("death", "critical-infrastructure"), {"initial-report": AWARE + 2 * DAYS}),
    # AI Act, 73(2) to (4): not later than 15 days, two days, 10 days after becoming aware.
    ("eu-ai-act-73", "ai-act-serious-incidents", (), {"report": AWARE + 15 * DAYS}),
    ("eu-ai-act-73", "ai-act-serious-incidents", ("death",), {"report": AWARE + 10 * DAYS}),
    ("eu-ai-act-73", "ai-act-serious-incidents", ("critical-infrastructure",), {"report": AWARE + 2 * DAYS}),
    ("eu-ai-act-73", "ai-act-serious-incidents", ("widespread-infringement",), {"report": AWARE + 2 * DAYS}),
    ("eu-ai-act-73", "ai-act-serious-incidents", ("widespread-infringement", "critical-infrastructure"), {"report": AWARE + 2 * DAYS}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "commitment", "circumstances", "expected"), INCIDENTS)
def test_clocks_of_an_incident_end_when_the_text_says(
    name: str, commitment: str, circumstances: tuple[str, ...], expected: dict[str, datetime]
) -> None:
    assert ends(of(name)[commitment], incident(*circumstances)) == expected


def test_the_code_of_practice_goes_on_every_four_weeks_and_ends_sixty_days_after_resolution() -> None:
    duty = of("eu-code-of-practice")["eu-cop-serious-incidents"]
    story = Story(register(duty, incident()), NOW.date())
    story.now = NOW
    story.sweep()
    story.conclude(duty.id)
    reported = story.now
    due: list[datetime | None] = []
    for week in range(1, 9):
        story.now = reported + timedelta(weeks=week, hours=1)
        due += [body.triggers[-1].due_at for body in story.sweep() if isinstance(body, Opened)]
        if story.assessment_input.history.open_for(duty.id):
            story.conclude(duty.id)
    assert due == [reported + timedelta(weeks=weeks) for weeks in (4, 8, 12)], (
        "each is asked for once the one before it ended"
    )
    assert ends(duty, incident(resolved_at=RESOLVED.isoformat()))["final-report"] == RESOLVED + 60 * DAYS
    assert {str(deadline.retain) for deadline in duty.deadlines} == {"P5Y"}


ASSERTED = [
    # Published within 30 days of a material modification (California 22757.12(b)(2); New York 1421).
    ("california-sb-53", "sb53-framework-change", NOW + 30 * DAYS),
    ("new-york-raise", "raise-framework-change", NOW + 30 * DAYS),
    # Within five business days of a confirmation: Wednesday and five working days is the end of the next Wednesday.
    ("eu-code-of-practice", "eu-cop-framework-notification", datetime(2027, 2, 10, 23, 59, 59, 999999, UTC)),
    ("eu-code-of-practice", "eu-cop-model-report-notification", datetime(2027, 2, 10, 23, 59, 59, 999999, UTC)),
]


@pytest.mark.parametrize(("name", "commitment", "end"), ASSERTED)
def test_clocks_of_an_asserted_condition_end_when_the_text_says(name: str, commitment: str, end: datetime) -> None:
    duty = of(name)[commitment]
    story = Story(register(duty, model("large"), deployment("api", model="large")), NOW.date())
    story.now = NOW
    (spec,) = (spec for spec in duty.triggers if isinstance(spec, InvalidationConditionSpec))
    named = condition_digest(spec.condition)
    story.add(Asserted(subject=duty.id, condition=named, because=BECAUSE, role="safety-lead"), 1)
    story.now += HOURS
    (cell,) = story.assessment_input.cells
    assert [result.due_at for result in cell.results if result.kind == "deadline" and isinstance(result, Fired)] == [
        end
    ]


INTERVALS = {
    # Yearly and every three months, from the day on which the statute came into force.
    "sb53-framework-review": (date(2027, 1, 1), date(2028, 2, 3)),
    "sb53-internal-use": (date(2026, 4, 1), date(2027, 5, 3)),
    "raise-framework-review": (date(2028, 1, 1), date(2029, 1, 1)),
    "raise-internal-use": (date(2027, 4, 1), date(2027, 7, 1)),
    # Every two years.
    "raise-disclosure-statement": (date(2029, 1, 1), date(2031, 1, 1)),
    # Every twelve and six months; nothing says when the first one was due, so it is now.
    "eu-cop-framework-assessment": (NOW.date(), date(2028, 2, 3)),
    "eu-cop-model-report": (NOW.date(), date(2027, 8, 3)),
}
"""The first date as of 3 Feb 2027, and the next one after a decision on that day or on the first date, whichever is later."""


@pytest.mark.parametrize("commitment", INTERVALS)
def test_intervals_count_from_the_day_in_force_and_from_the_last_decision(commitment: str) -> None:
    (duty,) = (own for each in SETS for key, own in of(each.name).items() if key == commitment)
    story = Story(register(duty, model("large"), deployment("api", model="large")), NOW.date())
    story.now = NOW
    first, following = INTERVALS[commitment]
    (cell,) = story.assessment_input.cells
    assert cell.due == first
    story.move_to(max(first, NOW.date()))
    story.sweep()
    story.conclude(duty.id)
    (cell,) = story.assessment_input.cells
    assert cell.due == following


def test_a_set_that_is_not_in_force_yet_asks_for_nothing_until_it_is() -> None:
    duty = of("new-york-raise")["raise-incident-report"]
    story = Story(register(duty, incident()), date(2026, 12, 31))
    assert story.sweep() == ()
    story.now = NOW
    assert len(story.sweep()) == 1


def test_what_states_no_figure_reads_unknown_and_gets_none() -> None:
    for own in ("iso-iec-42001", "nist-ai-rmf"):
        for duty in of(own).values():
            story = Story(register(duty, model("large"), deployment("api", model="large")), NOW.date())
            assert {cell.state for cell in story.assessment_input.cells} <= {State.UNKNOWN, State.UNASSESSED}


def command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["commitments", *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("name", BY_NAME)
def test_add_writes_the_set_once_and_never_over_anything(name: str, tmp_path: Path) -> None:
    code, out, err = command("add", name, str(tmp_path), "--owner", "@safety-lead", "--assessor", "red-team-lead")
    unnamed = UNNAMED.get(name, set())
    assert (code, f"wrote  framework/commitments/{name}.yml" in out) == (int(bool(unnamed)), True)
    assert "Not legal advice" in err
    after = read_register(WorkingTree(tmp_path))
    assert {finding.message for finding in after.errors} == unnamed
    assert {(entry.value.owner, entry.value.assessor) for entry in after.commitments.values()} == {
        ("safety-lead", "red-team-lead")
    }
    written = {file: file.read_bytes() for file in tmp_path.rglob("*.yml")}
    code, _, err = command("add", name, str(tmp_path))
    assert code == 2
    assert "already" in err
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.yml")} == written


def test_add_keeps_a_file_of_that_name_and_follows_the_folder_of_the_register(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/reassay.yml").write_text("register: docs/register/\n")
    kept = tmp_path / "docs/register/commitments/nist-ai-rmf.yml"
    kept.parent.mkdir(parents=True)
    kept.write_text("commitments: []\n")
    code, _, err = command("add", "nist-ai-rmf", str(tmp_path))
    assert (code, kept.read_text()) == (2, "commitments: []\n")
    assert "docs/register/commitments/nist-ai-rmf.yml" in err
    assert command("add", "california-sb-53", str(tmp_path), "--owner", "safety-lead")[0] == 0
    assert (kept.parent / "california-sb-53.yml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "eu-ai-act"), "eu-ai-act-73"),
        (("add", "nothing-like-it"), "reassay commitments list"),
        (("add", "nist-ai-rmf", "no-such-folder"), "there is no such folder"),
        (("add", "nist-ai-rmf", ".", "--owner", "not a login"), "--owner"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(arguments: tuple[str, ...], said: str) -> None:
    code, _, err = command(*arguments)
    assert (code, said in err) == (2, True), err


def test_list_and_show_say_what_they_are_not(tmp_path: Path) -> None:
    _, out, _ = command("list")
    assert all(own.name in out and own.how_read in out for own in SETS)
    assert "Not legal advice" in out
    for own in SETS:
        _, shown, _ = command("show", own.name)
        assert shown.startswith("# ")
        assert "Not legal advice" in shown or "Not the standard" in shown or "not its text" in shown


PUBLIC = Path(__file__).parents[3] / "examples" / "public-commitments"


@pytest.mark.parametrize(
    "name", ["anthropic-rsp-2-2", "anthropic-rsp-3-4", "google-deepmind-fsf", "openai-preparedness"]
)
def test_a_published_framework_says_what_the_public_commitments_say_and_nothing_more(name: str) -> None:
    public = read_register(WorkingTree(PUBLIC)).commitments
    own = of(name)
    document = {(value.source.document, value.source.version) for value in own.values()}
    assert len(document) == 1
    assert set(own) == {
        key for key, entry in public.items() if (entry.value.source.document, entry.value.source.version) in document
    }
    for key, commitment in own.items():
        written = public[key].value
        same = ("title", "statement", "triggers", "outputs", "deadlines", "depth", "approval", "must_complete")
        assert {field: getattr(commitment, field) for field in same} == {
            field: getattr(written, field) for field in same
        }
        assert (commitment.subject.kind, commitment.subject.in_words) == (
            written.subject.kind,
            written.subject.in_words,
        )
        assert commitment.source.section == written.source.section
