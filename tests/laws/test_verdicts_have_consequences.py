"""Law: a verdict has consequences. Whatever happens after an ineffective verdict or an order about a deployment, neither reads as
fine, and a layer is what was found effective in time and on more than somebody's word."""

from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cell_status import ANY, CellStatus, State
from reassay.assessment.coverage import coverage
from reassay.assessment.effective_layers import uncounted_cells, ways_of_counting
from reassay.assessment.schedule.plan import Ask
from reassay.assessment.views.documents import status_document
from reassay.changes.layers import thinned
from reassay.common.calendar import Duration
from reassay.ledger.answers import Attached, EvidenceFigures, SignedItem, SignedOff
from reassay.ledger.entry import Decided
from reassay.ledger.risks import Contained
from reassay.register.base import Status
from reassay.register.register import Register
from tests.examples import examples
from tests.make import ASSESSOR, OWNER, Story, at, deployment, mitigation, register, threat_model

NAMES = ("filter", "monitor", "training")
LAYERS = dict(zip(NAMES, ("system", "monitoring", "model"), strict=True))
PLACES = ("public-api", "staff-app")
WIDTHS = (["text"], ["text", "image"], ["text", "image", "audio"])
DIGEST = "sha256:" + "ab" * 32
DRILL = [{"kind": "exercise", "name": "drill", "success": "It is stopped."}]
NEVER_MEASURED = [*DRILL, {"kind": "rate", "name": "bypass rate", "at_most": 0.02}]

decisions = st.tuples(
    st.sampled_from(["effective", "degraded", "ineffective", "inconclusive"]),
    st.sampled_from([None, "continue", "restrict", "withdraw"]),
)
steps = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(NAMES), decisions, st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 120, 400])),
    st.tuples(st.just("reach"), st.sampled_from(PLACES), st.sampled_from([*range(len(WIDTHS)), None])),
    st.tuples(st.just("contain"), st.sampled_from(NAMES), st.sampled_from(["restrict", "withdraw"])),
    st.tuples(st.just("raise"), st.sampled_from(NAMES)),
    st.tuples(st.just("retire"), st.sampled_from(NAMES)),
)


class World(Story):
    """Three mitigations in three layers against one threat, on two deployments that grow, shrink and go."""

    def __init__(self) -> None:
        self.width: dict[str, int | None] = dict.fromkeys(PLACES, 1)
        self.version = dict.fromkeys(NAMES, 1)
        self.retired: set[str] = set()
        super().__init__(self.written())

    def written(self) -> Register:
        there = [name for name in PLACES if self.width[name] is not None]
        return register(
            *(
                mitigation(
                    name,
                    layer=LAYERS[name],
                    threat_models=["misuse"],
                    deployments=list(PLACES),
                    version=self.version[name],
                    status="retired" if name in self.retired else "active",
                    target={"statement": "It works.", "criteria": NEVER_MEASURED},
                )
                for name in NAMES
            ),
            *(deployment(name, modalities_in=WIDTHS[self.width[name] or 0]) for name in there),
            threat_model("misuse", minimum_layers={"external": 2}),
        )

    def act(self, step: tuple[object, ...]) -> None:
        match step:
            case ("decide", str(name), (str(word), where), with_file):
                self.decide(name, word, where if isinstance(where, str) else None, with_file=bool(with_file))
            case ("wait", int(days)):
                self.move_to(Duration(days=days).after(self.now.date()))
            case ("reach", str(place), width):
                self.width[place] = width if isinstance(width, int) else None
            case ("raise", str(name)):
                self.version[name] += 1
            case ("retire", str(name)):
                self.retired.add(name)
            case ("contain", str(name), action):
                self.contain(name, "withdraw" if action == "withdraw" else "restrict")
            case _:
                raise AssertionError(step)
        self.register = self.written()

    def open(self, name: str) -> str | None:
        if name in self.retired:
            return None
        self.sweep(Ask(name, "safety-lead", 1, f"asked at {self.now}"))
        opened = self.assessment_input.history.open_for(name)
        return opened.id if opened else None

    def decide(self, name: str, word: str, where: str | None, *, with_file: bool) -> None:
        opened = self.open(name)
        if opened is None:
            return
        if where is None and word in {"ineffective", "effective", "degraded"}:
            where = "continue" if self.is_ordered(name) or word == "ineffective" else None
        if with_file:
            self.add(evidence(opened))
        self.conclude(name, word, deployment=where)

    def is_ordered(self, name: str) -> bool:
        return any(cell.state in {State.RESTRICT_ORDERED, State.WITHDRAW_ORDERED} for cell in self.cells(name))

    def contain(self, name: str, action: Literal["restrict", "withdraw"]) -> None:
        from reassay.assessment.snapshot import snapshot
        from tests.make import object_of

        opened = self.open(name)
        if opened is None:
            return
        cells = self.assessment_input.history.reassessments[opened].cells
        seen = snapshot(self.register.mitigations[name].value, cells, self.assessment_input.register_index)
        key, _ = object_of(seen)
        self.objects[key] = seen
        self.add(
            Contained(
                reassessment=opened,
                subject=name,
                cells=cells,
                action=action,
                because=DIGEST,
                role="safety-lead",
                ratify_by=self.now.date(),
                snapshot=key,
            )
        )

    def cells(self, name: str) -> tuple[CellStatus, ...]:
        return tuple(cell for cell in self.assessment_input.cells if cell.subject == name)


def evidence(opened: str, provenance: Literal["file", "word"] = "file") -> Attached:
    return Attached(
        reassessment=opened,
        evidence="exercise",
        provenance=provenance,
        criterion="drill",
        figures=EvidenceFigures(passed=True),
        role="red-team-lead",
        independent=True,
    )


def last_words(world: World, name: str, cell: str) -> Iterator[Decided]:
    """Decisions about one cell, straight from the entries; inconclusive ones included."""
    bodies = (entry.body for entry in world.entries)
    return (body for body in bodies if isinstance(body, Decided) and body.subject == name and cell in body.cells)


def last_about_deployment(world: World, name: str, cell: str) -> tuple[str, int] | None:
    """The last thing that was said about a deployment, with its width then; from the entries, without the product's rules."""
    said = None
    for body in (entry.body for entry in world.entries):
        if isinstance(body, Decided | Contained) and body.subject == name and cell in body.cells:
            word = body.deployment_decision if isinstance(body, Decided) else body.action
            seen = world.objects[body.snapshot or ""]
            assert isinstance(seen, dict)
            then = seen["deployments"].get(cell, {}).get("modalities_in")
            said = (word, WIDTHS.index(then) if then else -1) if word else said
    return said


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(steps, min_size=1, max_size=8))
def test_a_verdict_is_never_covered_up(history: list[tuple[object, ...]]) -> None:
    world = World()
    for step in history:
        world.act(step)
        cells = world.assessment_input.cells
        reasons = uncounted_cells(cells)
        for cell in cells:
            words = [body.decision for body in last_words(world, cell.subject, cell.cell)]
            decided = [word for word in words if word != "inconclusive"]
            assert not cell.effectiveness.startswith("effective") or decided[-1:] == ["effective"]
            if decided:
                assert cell.verdict.startswith(cell.effectiveness + " ("), "a word is never shown alone"
                assert "not measured: bypass rate" in cell.verdict.replace("drill, ", ""), (
                    "what nobody measured is said"
                )
            if decided[-1:] == ["ineffective"] and cell.subject not in world.retired:
                assert cell.state in {State.INEFFECTIVE, State.RESTRICT_ORDERED, State.WITHDRAW_ORDERED}
                assert {"ineffective", ANY} <= cell.conditions
            if decided[-1:] == ["degraded"] and cell.subject not in world.retired:
                assert {"degraded", ANY} <= cell.conditions
                assert cell.state is not State.CURRENT
            if decided[-1:] != ["effective"]:
                assert reasons.reasons[cell.subject][cell.cell], "only what was found effective is a layer here"
        for name in NAMES:
            for place in PLACES:
                check_order(world, name, place)


def check_order(world: World, name: str, place: str) -> None:
    said, now = last_about_deployment(world, name, place), world.width[place]
    cell = next((cell for cell in world.cells(name) if cell.cell == place), None)
    if said is None or said[0] == "continue" or now is None:
        assert cell is None or cell.state not in {State.RESTRICT_ORDERED, State.WITHDRAW_ORDERED}
        return
    word, then = said
    done = word == "restrict" and 0 <= now < then
    wanted = {"restrict": State.RESTRICT_ORDERED, "withdraw": State.WITHDRAW_ORDERED}[word]
    assert cell is not None, "an order is never dropped"
    assert (cell.state is wanted) is not done
    if not done:
        assert {str(wanted), "overdue", ANY} <= cell.conditions
        urgent = min(world.assessment_input.cells, key=lambda other: list(State).index(other.state))
        assert urgent.state in {State.RESTRICT_ORDERED, State.WITHDRAW_ORDERED}


ORDER = ("late", "never", "ineffective", "degraded", "self-approved", "approved", "attested", "effective")
MINIMUM = 2
verdicts = st.sampled_from(ORDER)


def assessed(words: dict[str, str], causes: dict[str, list[str]]) -> tuple[Story, Register]:
    """A story in which each mitigation was assessed with one outcome, and its register."""
    fields = {"threat_models": ["misuse"], "deployments": ["public-api"], "approval": [{"role": "board"}]}
    targets = {"target": {"statement": "It works.", "criteria": DRILL}}
    what = register(
        *(mitigation(name, layer=LAYERS[name], common_causes=causes[name], **fields, **targets) for name in words),
        deployment("public-api"),
        threat_model("misuse", minimum_layers={"external": 2}),
        roles={"board": {"users": ["auditor", "red-team-lead"]}},
    )
    story = Story(what, at(Duration(days=400).before(Story(what).now.date())).date())
    for moment in ("late", ""):
        if not moment:
            story.move_to(Story(what).now.date())
        # Losses come first: whoever is assessed later is assessed with them in view.
        for name, word in sorted(words.items(), key=lambda item: (ORDER.index(item[1]), item[0])):
            if (word == "late") is not bool(moment) or word == "never":
                continue
            story.sweep(Ask(name, "safety-lead", 1, f"asked {moment}"))
            opened = story.assessment_input.history.open_for(name)
            assert opened is not None
            story.add(evidence(opened.id, "word" if word == "attested" else "file"))
            if word in {"approved", "self-approved"}:
                story.add(approval(opened.id), ASSESSOR.id if word == "self-approved" else 9)
            decision = {
                "late": "effective",
                "attested": "effective",
                "approved": "degraded",
                "self-approved": "degraded",
            }
            where = "continue" if word in {"approved", "self-approved"} else None
            kind = decision.get(word, word)
            story.conclude(name, kind, deployment=where or ("continue" if kind == "ineffective" else None))
    return story, what


def approval(opened: str) -> SignedOff:
    items = (SignedItem(item="all", digest="signed/1:" + DIGEST),)
    return SignedOff(reassessment=opened, role="board", says="approve", step=1, items=items, content="c14n/1:" + DIGEST)


@settings(max_examples=examples(30), deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, verdicts)),
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from([[], ["One training set"], ["one vendor"]]))),
    st.sampled_from(NAMES),
)
def test_layers_are_counted_by_verdicts_and_the_last_ones_are_kept(
    words: dict[str, str], causes: dict[str, list[str]], gone: str
) -> None:
    story, before = assessed(words, causes)
    counting = {name for name, word in words.items() if word == "effective"} | last_approved(words)
    row = coverage(story.assessment_input).layers[0]
    assert set(row.mitigations) - set(row.uncounted) == counting
    assert row.declared == len(NAMES)
    assert row.counted == independent(counting, causes)
    after = without(before, gone)
    reported = list(thinned(before, after, ways_of_counting(story.assessment_input.cells)))
    wanting = {"ineffective", "degraded", "self-approved"}
    ways = (
        set(NAMES),
        {name for name, word in words.items() if word not in wanting},
        {name for name, word in words.items() if word not in {*wanting, "never"}},
        counting,
    )
    pairs = [(independent(way, causes), independent(way - {gone}, causes)) for way in ways]
    assert bool(reported) is any(now < then and now < MINIMUM for then, now in pairs)


def last_approved(words: dict[str, str]) -> set[str]:
    """Only the last of several: each degraded one makes the layers beside it a matter for re-assessment."""
    return {max((name for name in words if words[name] == "approved"), default="")} - {""}


def independent(names: set[str], causes: dict[str, list[str]]) -> int:
    shared = {cause for name in names for cause in causes[name]}
    return sum(not causes[name] for name in names) + len(shared)


def without(before: Register, gone: str) -> Register:
    kept = [entry.value for entry in before.mitigations.values()]
    retired = [value.model_copy(update={"status": Status.RETIRED}) if value.id == gone else value for value in kept]
    others = (before.deployments["public-api"].value, before.threat_models["misuse"].value)
    return register(*retired, *others, roles={"board": {"users": ["auditor", "red-team-lead"]}})


def test_a_new_mitigation_does_not_stand_in_for_the_last_layer_that_counts() -> None:
    story, before = assessed({"filter": "effective", "monitor": "ineffective"}, {name: [] for name in NAMES})
    after = without(before, "filter")
    fresh = mitigation("fresh", layer="access", threat_models=["misuse"], deployments=["public-api"])
    merged = register(*(entry.value for entry in after.mitigations.values()), fresh, deployment("public-api"),
                      threat_model("misuse", minimum_layers={"external": 2}), roles={"board": {"users": ["auditor"]}})  # fmt: skip
    (reported,) = thinned(before, merged, ways_of_counting(story.assessment_input.cells))
    assert "no layer that counts for external" in reported.words()
    assert "`fresh` does not count (never assessed)" in reported.words()


def test_a_fresh_register_blocks_nothing_because_nothing_gets_worse() -> None:
    story, before = assessed(dict.fromkeys(NAMES, "never"), {name: [] for name in NAMES})
    assert list(thinned(before, without(before, "filter"), ways_of_counting(story.assessment_input.cells))) == []


@pytest.mark.parametrize("word", ["effective", "attested", "degraded"])
def test_json_has_the_verdict_with_its_basis(word: str) -> None:
    story, _ = assessed({"filter": word}, {"filter": []})
    document = status_document(story.assessment_input.cells, story.assessment_input, {})
    verdict = document["cells"][0]["verdict"]  # type: ignore[index] # a JSON document
    basis = "attested" if word == "attested" else "exercised"
    assert verdict == f"{'degraded' if word == 'degraded' else 'effective'} ({basis})"
    assert OWNER.login
