"""Attack results of PyRIT, which writes no result file of its own: a dump of its memory, or of a scenario result.

`model_dump(mode="json")` of `AttackResult` objects as a JSON list or one a line, or of one `ScenarioResult`. PyRIT's own
rate counts whatever is not a success as if it were safe, so it is never read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError, digest_of
from reassay.evidence.readers.json_lines import json_lines
from reassay.evidence.readers.json_stream import ItemList, Shape, picked, picked_of_head
from reassay.evidence.readers.json_values import Json, at, list_at, object_at, text_at
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.pyrit_attack import AttackOutcome, PyritAttack, attack_shape, is_attack, read_attack
from reassay.evidence.readers.slice_pool import SlicePool
from reassay.evidence.readers.tally import Slices, Tally, TallyList
from reassay.evidence.reading import MOST_PROMPTS, OutcomeDirection, Reading

NAME: Final = "pyrit"
METRIC: Final = "outcome"
_MAJORS: Final = {"0", "1"}
_DIRECTION: Final = OutcomeDirection(undesired="attack_success", adverse=("success",), not_adverse=("failure",))
_ATTEMPT_NOTE: Final = "the dump does not say how many attacks were planned; missing ones would not be noticed"
_SCENARIO: Final = {"scenario_run_state", "scenario_identifier", "attack_results"}
_UNKNOWN_TARGET: Final = ""
_SEVERAL: Final = 2
"""Versions, and kinds of attacks, that are told apart: more than one is several."""
_NAMES: Final[Shape] = {"*": {}}
"""Keys alone."""


@dataclass
class _Attacks:
    """Counts of all attacks, by target."""

    options: ResultOptions
    tallies: TallyList = field(default_factory=TallyList)
    problems: ProblemList = field(default_factory=ProblemList)
    ids: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    notes: dict[str, int] = field(default_factory=dict)
    started: str | None = None
    """The earliest time of a result."""
    homeless: dict[tuple[str, Slices, AttackOutcome], int] = field(default_factory=dict)
    """Attacks that do not say which target they were made on: those that broke off early."""
    pool: SlicePool = field(default_factory=SlicePool)

    def take(self, item: Json) -> None:
        """Counts an attack."""
        if not isinstance(item, dict) or not is_attack(item):
            if isinstance(item, dict) and "attack_results" in item:
                raise UnreadableResultError(
                    "it is a list of several scenario results", "Attach each scenario result as a file of its own."
                )
            self.problems.add("an item is no attack result")
            return
        attack = read_attack(item, self.options)
        if attack.identity in self.ids:
            self.problems.add("an attack result is in the file more than once")
        if attack.identity and len(self.ids) < MOST_PROMPTS:
            self.ids.add(attack.identity)
        if len(self.kinds) < _SEVERAL:
            self.kinds |= {attack.kind} - {""}
        if len(self.versions) < _SEVERAL:
            self.versions |= {attack.version} - {""}
        if attack.problem:
            self.problems.add(attack.problem)
        if attack.note:
            self.notes[attack.note] = self.notes.get(attack.note, 0) + 1
        if attack.timestamp and (self.started is None or attack.timestamp < self.started):
            self.started = attack.timestamp
        self._add(attack)

    def _add(self, attack: PyritAttack) -> None:
        slices = self.pool.of(attack.slices)
        if attack.target == _UNKNOWN_TARGET:
            place = (attack.prompt, slices, attack.outcome)
            self.homeless[place] = self.homeless.get(place, 0) + 1
            if len(self.homeless) > MOST_PROMPTS:
                raise UnreadableResultError(
                    f"more than {MOST_PROMPTS:,} attacks do not say which target they were made on",
                    "Split the dump, and attach the parts.",
                )
            return
        _count(self.tallies.of(attack.target), attack.prompt, slices, attack.outcome, 1)

    def settle(self, target: str | None) -> None:
        """Gives the attacks without a target to the only one, or, as the worse case, to each of several."""
        if not self.homeless:
            return
        if not self.tallies.by_metric:
            self.tallies.of(target or "unnamed target")
        if len(self.tallies.by_metric) > 1:
            number = sum(self.homeless.values())
            self.problems.add(
                f"{number:,} attacks do not say which of the targets they were made on, and count for each"
            )
        for tally in self.tallies.by_metric.values():
            for (prompt, slices, outcome), number in self.homeless.items():
                _count(tally, prompt, slices, outcome, number)


def _count(tally: Tally, prompt: str, slices: Slices, outcome: AttackOutcome, number: int) -> None:
    if outcome is AttackOutcome.ERROR:
        tally.add_errored(prompt, slices, number)
    else:
        tally.add(prompt, slices, None if outcome is AttackOutcome.UNDETERMINED else outcome.value, number)


def _recognises(file: ResultFile) -> bool:
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    top = picked_of_head(file.head, [_NAMES] if head.startswith(b"[") else _NAMES)
    if isinstance(top, list):
        top = top[0] if top else None
    return isinstance(top, dict) and (is_attack(top) or len(_SCENARIO & set(top)) > 1)


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    attacks = _Attacks(options)
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_list = head.startswith(b"[")
    scenario: Json = None
    with file.open() as stream:
        if is_list:
            picked(stream, ItemList(attack_shape(options)), attacks.take)
        elif len(_SCENARIO & set(object_at(picked_of_head(file.head, _NAMES)))) > 1:
            scenario = picked(stream, _scenario_shape(attack_shape(options)), attacks.take)
        else:
            for _, row in json_lines(stream, attacks.problems):
                attacks.take(row)
    target = name_of(at(scenario, "objective_target_identifier", "model_name"))
    attacks.settle(target or name_of(at(scenario, "objective_target_identifier", "class_name")))
    _check(scenario, attacks)
    digest = digest_of(file)
    return tuple(_reading(scenario, attacks, digest, name) for name in sorted(attacks.tallies.by_metric))


def _scenario_shape(attack: Shape) -> Shape:
    target: dict[str, Shape] = {"model_name": True, "class_name": True}
    return {
        **dict.fromkeys(("scenario_run_state", "scenario_name", "pyrit_version", "creation_time", "error_type"), True),
        "scenario_version": True,
        "number_tries": True,
        "error_attack_result_ids": True,
        "objective_target_identifier": target,
        "scenario_identifier": {"class_name": True, "pyrit_version": True, "version": True},
        "attack_results": {"*": ItemList(attack)},
    }


def _check(scenario: Json, attacks: _Attacks) -> None:
    if not attacks.tallies.by_metric:
        raise UnreadableResultError("the dump has no attack result", "Attach the dump of a run that has attacks.")
    attacks.versions |= {version for key in ("pyrit_version",) if (version := name_of(at(scenario, key)))}
    for version in sorted(attacks.versions):
        if version.partition(".")[0] not in _MAJORS:
            raise UnreadableResultError(
                f"it is a dump of PyRIT {version}, whose format is not known here",
                "Ask for the new format to be added.",
            )
    if len(attacks.versions) > 1:
        attacks.problems.add("the attacks were made with several versions of PyRIT; attach the dump of a single run")
    if scenario is None:
        return
    state = text_at(scenario, "scenario_run_state")
    if state != "COMPLETED":
        attacks.problems.add(f"the scenario did not finish: its state is {name_of(state) or 'unknown'}")
    if text_at(scenario, "error_type"):
        attacks.problems.add("the scenario ended with an error")
    missing = [
        name
        for name in list_at(scenario, "error_attack_result_ids")
        if not (isinstance(name, str) and name in attacks.ids)
    ]
    if missing:
        attacks.problems.add(f"{len(missing):,} attacks that broke off are named, and are not in the file")
    tries = at(scenario, "number_tries")
    if isinstance(tries, int) and tries > 1:
        attacks.notes[f"the scenario was started {tries} times"] = 0


def _reading(scenario: Json, attacks: _Attacks, digest: str, target: str) -> Reading:
    tally = attacks.tallies.by_metric[target]
    if not tally.totals():
        tally.problems.add(f"nothing was judged: all {tally.attempted():,} attacks are without a verdict")
    kind = next(iter(attacks.kinds)) if len(attacks.kinds) == 1 else None
    version = name_of(at(scenario, "scenario_version"))
    notes = [f"{number:,} attacks {note}" if number else note for note, number in sorted(attacks.notes.items())]
    reading = Reading(
        metric=METRIC,
        tool=NAME,
        tool_version=min(attacks.versions, default=None),
        task=name_of(at(scenario, "scenario_name") or at(scenario, "scenario_identifier", "class_name"))
        or name_of(kind),
        task_version=version or name_of(at(scenario, "scenario_identifier", "version")),
        models_asked=(target,),
        performed_at=_started(scenario, attacks),
        digest=digest,
        attempted=tally.attempted(),
        totals=tally.totals(),
        unscored=tally.unscored,
        errored=tally.errored,
        directions=(_DIRECTION,),
        problems=(*attacks.problems.sentences(), *tally.problems.sentences()),
        notes=(_ATTEMPT_NOTE, *notes),
    )
    # The prompts are made here and not read from the file: validating them again would copy hundreds of thousands.
    return reading.model_copy(update={"prompts": tally.prompts()})


def _started(scenario: Json, attacks: _Attacks) -> datetime | None:
    """The earliest time that the dump gives; results are stamped when they end."""
    times = (instant_of(attacks.started), instant_of(at(scenario, "creation_time")))
    return min((time for time in times if time is not None), default=None)


READER = EvidenceReader(name=NAME, title="PyRIT", recognises=_recognises, read=_read)
