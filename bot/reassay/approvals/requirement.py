"""A requirement: one question to be answered, or one approval step to be taken, about one object."""

from dataclasses import dataclass

from reassay.register.approval import ApprovalStep, Excluded, StepKind


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one row asks, and of whom."""

    id: str
    """As the ledger names it: `scope`, `step-1`, `deployment/public-api:step-1`."""
    about: str
    """The object: the id of a re-assessment's subject, or `deployment/public-api` on a pull request."""
    roles: tuple[str, ...]
    """Any of these may sign."""
    question: str | None = None
    """Its text; None for an approval step."""
    needs_evidence: bool = False
    """Whether the question asks for evidence."""
    must_be_fine: bool = False
    """Whether an answer `no` or `not-tested` leaves the row open until the risk is accepted."""
    min: int = 1
    """How many different people."""
    kind: StepKind = "review"
    """What they say by signing an approval step."""
    excludes: tuple[Excluded, ...] = ()
    """Who does not count although they hold the role."""
    when: str | None = None
    """In which cases an approval step is needed, in words; None if always."""
    step: int | None = None
    """Which approval step of a re-assessment, from 1."""

    @property
    def ask(self) -> object:
        """What a signature on a pull request covers of the row itself."""
        if self.question is not None:
            return {"question": self.question}
        return {"step": self.kind, "roles": sorted(self.roles), "min": self.min}


def of_step(id_: str, about: str, step: ApprovalStep, number: int | None = None) -> Requirement:
    """An approval step of the register as a requirement."""
    return Requirement(
        id_, about, (step.role,), min=step.min, kind=step.kind, excludes=step.excludes, when=step.when, step=number
    )
