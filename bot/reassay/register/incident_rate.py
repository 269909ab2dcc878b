"""The trigger on frequent incidents, as a register states it: a promise's own count, a stated ceiling, or a change."""

from datetime import date, timedelta
from typing import Final, Literal

from pydantic import model_validator

from reassay.register.base import Day, Id, Interval, Positive, RoleName, Unspecified
from reassay.register.frequencies import Frequency, StatedFrequency
from reassay.register.incident import IncidentKind, Severity
from reassay.register.trigger_base import TriggerSpec

_ANY_DAY: Final = date(2001, 1, 1)
_SHORTEST_RUN: Final = timedelta(days=28)


class IncidentRateSpec(TriggerSpec):
    """More incidents than promised within a time window, or more often than a stated ceiling accepts."""

    kind: Literal["incident-rate"]
    """Frequent incidents."""
    accepted: StatedFrequency | Unspecified | None = None
    """The ceiling that somebody answers for: `6 per year`, or by exposure `2 per million requests`."""
    stated_by: RoleName | None = None
    """The role that states the ceiling; required with it, as a ceiling is a person's statement."""
    expected: StatedFrequency | None = None
    """How many incidents are expected, in the same terms; `check` compares it with what is accepted or promised."""
    more_than: Positive | StatedFrequency | Unspecified | None = None
    """A promise's own count instead of a ceiling: the number that must be exceeded within `window`."""
    window: Interval | Unspecified | None = None
    """The time window of `more_than`."""
    method: Literal["evidence", "change"] = "evidence"
    """`change` finds a rise at any time between long intervals; it needs `run_length`."""
    run_length: Interval | None = None
    """With `method: change`: the mean time to a false alarm that people accept, for example 10 years."""
    exposure: Id | None = None
    """Id of the source that says by how much something was used; required for a ceiling by exposure."""
    count: Id | None = None
    """Id of a source of counts that are watched instead of incidents: blocked attempts, appeals, volume of a bounty."""
    since: Day | None = None
    """First day of the watch; from the first assessment on if left out."""
    at_least: Severity | None = None
    """The lowest severity that counts; all if left out."""
    kinds: tuple[IncidentKind, ...] = ("incident",)
    """Whether near misses and hazards count."""
    similar_models: bool = False
    """Whether incidents of similar models count."""

    @property
    def frequency(self) -> Frequency | None:
        """The ceiling or the promise as a number per time or exposure; None for a bare number, or if it has no figure."""
        stated = self.accepted if self.accepted is not None else self.more_than
        return stated if isinstance(stated, Frequency) else None

    @property
    def form(self) -> Literal["promise", "ceiling", "change"]:
        """A promise's own count, a stated ceiling, or the method for long intervals."""
        if self.more_than is not None:
            return "promise"
        return "change" if self.method == "change" else "ceiling"

    @property
    def figure(self) -> str:
        """What is accepted or promised, in one form for records."""
        return str(self.accepted) if self.accepted is not None else f"{self.more_than} in {self.window}"

    @property
    def watch(self) -> str:
        """What is watched, in one word for records: the same after the ceiling has changed."""
        by = f" by {self.exposure}" if self.exposure else ""
        if self.count is not None:
            return f"count {self.count}{by}"
        similar = " similar" if self.similar_models else ""
        return f"{'+'.join(sorted(set(self.kinds)))}{f' {self.at_least}' if self.at_least else ''}{similar}{by}"

    @model_validator(mode="after")
    def _one_form(self) -> "IncidentRateSpec":
        if self.accepted is not None and self.more_than is not None:
            raise ValueError("'accepted' and 'more_than' are two forms; state each in a trigger of its own")
        if self.accepted is None and self.more_than is None:
            raise ValueError(
                "it needs either 'accepted' or 'more_than'; write 'accepted: 6 per year' with 'stated_by', "
                "or 'more_than: 3' with 'window: 30 days'"
            )
        if (self.more_than is None) != (self.window is None):
            raise ValueError("'more_than' and 'window' belong together; write 'more_than: 3' with 'window: 30 days'")
        if isinstance(self.accepted, Frequency) and self.stated_by is None:
            raise ValueError("'accepted' does not say who states it; write for example 'stated_by: safety-lead'")
        if self.stated_by is not None and self.accepted is None:
            raise ValueError(
                "'stated_by' says who states a ceiling, and 'accepted' is missing; add it or delete 'stated_by'"
            )
        return self

    @model_validator(mode="after")
    def _method_has_a_run_length(self) -> "IncidentRateSpec":
        if self.method == "change" and (self.run_length is None or self.accepted is None):
            raise ValueError(
                "'method: change' needs 'accepted' and 'run_length'; write for example 'run_length: 10 years'"
            )
        if self.run_length is not None and self.run_length.after(_ANY_DAY) < _ANY_DAY + _SHORTEST_RUN:
            raise ValueError(
                "'run_length' is shorter than a month, so it would alarm all the time; write for example 10 years"
            )
        if self.method != "change" and self.run_length is not None:
            raise ValueError("'run_length' is without effect here; write 'method: change' beside it, or delete it")
        return self

    @model_validator(mode="after")
    def _exposure_has_a_source(self) -> "IncidentRateSpec":
        stated = self.frequency
        if isinstance(self.more_than, Frequency) and self.more_than.is_of_time:
            raise ValueError("'more_than' has its time in 'window'; write 'more_than: 3' with 'window: 30 days'")
        by_exposure = stated is not None and not stated.is_of_time
        if stated is not None and by_exposure and self.exposure is None:
            field = "accepted" if self.accepted is not None else "more_than"
            named = f"{stated.guess} Otherwise name" if stated.guess else "name"
            raise ValueError(
                f"'{field}' is per {stated.unit} and needs 'exposure'; {named} the source that counts them"
            )
        if self.exposure is not None and not by_exposure and "unspecified" not in {self.accepted, self.more_than}:
            raise ValueError(
                "'exposure' is without effect here; write for example 'accepted: 2 per million requests', or delete it"
            )
        if self.expected is not None and self.expected.basis != (stated.basis if stated else "time"):
            raise ValueError(
                "'expected' is not in the terms of what is accepted; write both per time, or per the same exposure"
            )
        return self

    @model_validator(mode="after")
    def _counts_have_no_severity(self) -> "IncidentRateSpec":
        unused = sorted({"at_least", "kinds", "similar_models"} & self.model_fields_set)
        if self.count is not None and unused:
            raise ValueError(
                f"'{unused[0]}' is about incidents, and 'count' takes its numbers from a source; delete one of them"
            )
        return self
