"""Small makers of readings and attached results for tests of verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from reassay.common.canonical import canonical, digest
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import criterion_verdicts
from reassay.evidence.evidence_input import plan_object, readings_object
from reassay.evidence.readers.base import prompt_digest
from reassay.evidence.reading import PromptOutcomes, Reading
from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.deferrals import Settled, SideExit
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Decided, Superseded
from reassay.ledger.risks import Corrected
from reassay.register.mitigation import Mitigation
from reassay.register.register import RegisterObject
from tests.make import Story, deployment, mitigation, model, register

CRITERION: dict[str, object] = {
    "name": "attempts that pass",
    "kind": "rate",
    "undesired": "attack_success",
    "at_most": 0.02,
    "measured": {"adverse": ["I"], "not_adverse": ["C"]},
}


def rate(**fields: object) -> dict[str, object]:
    return CRITERION | fields


def outcomes(
    prompts: Iterable[str], adverse: Iterable[str] = (), slices: Mapping[str, str] | None = None
) -> list[PromptOutcomes]:
    """One generation a prompt: `I` for the adverse ones, `C` for the others."""
    bad, part = set(adverse), tuple(sorted((slices or {}).items()))
    return [PromptOutcomes(prompt_digest(name), part, (("I" if name in bad else "C", 1),)) for name in prompts]


def totals_of(prompts: Iterable[PromptOutcomes]) -> tuple[tuple[str, int], ...]:
    """Outcome -> number of generations over all prompts; sorted by outcome."""
    numbers: Counter[str] = Counter()
    for prompt in prompts:
        numbers.update(dict(prompt.outcomes))
    return tuple(sorted(numbers.items()))


def names(count: int, start: int = 0) -> list[str]:
    return [f"prompt {number}" for number in range(start, start + count)]


def reading(prompts: Sequence[PromptOutcomes], /, **fields: object) -> Reading:
    own = tuple(sorted(prompts))
    attempted = sum(prompt.generations for prompt in own)
    values: dict[str, object] = {
        "metric": "verdict",
        "tool": "inspect",
        "models_asked": ("large",),
        "models_answered": ("large",),
        "performed_at": None,
        "planned": attempted,
        "attempted": attempted,
        "prompts": own,
        "totals": totals_of(own),
        "unscored": sum(prompt.unscored for prompt in own),
        "errored": sum(prompt.errored for prompt in own),
    } | fields
    values.setdefault("digest", digest(canonical({"file": repr(sorted(values.items(), key=str))})))
    return Reading.model_validate(values)


class Evaluation(Story):
    """A re-assessment of one mitigation whose criteria are judged by result files."""

    def __init__(self, *criteria: Mapping[str, object], more: Sequence[RegisterObject] = (), **fields: object) -> None:
        own = tuple(criteria) or (CRITERION,)
        values = {"deployments": ["public-api"], "target": {"statement": "It works.", "criteria": own}} | fields
        others = tuple(more) or (deployment("public-api", model="large"), model("large"))
        super().__init__(register(mitigation("filter", **values), *others))
        self.others: tuple[RegisterObject, ...] = others
        self.fields = values
        self.decided: Decided | None = None
        self.sweep()

    @property
    def subject(self) -> Mitigation:
        return self.register.mitigations["filter"].value

    def change(self, *criteria: Mapping[str, object], **fields: object) -> None:
        """The register with other criteria, or another version."""
        if criteria:
            fields["target"] = {"statement": "It works.", "criteria": criteria}
        self.fields |= fields
        configuration = self.register.configuration.model_dump(exclude_unset=True, mode="json")
        self.register = register(mitigation("filter", **self.fields), *self.others, **configuration)

    def attach(
        self,
        *readings: Reading,
        of: str | None = None,
        provenance: str = "file",
        with_plan: bool = True,
        performed_at: datetime | None = None,
        **fields: object,
    ) -> None:
        """A result file, recorded an hour after it was performed."""
        criteria = self.subject.target.criteria if self.subject.target else ()
        criterion = next(own for own in criteria if of in {None, own.name})
        at = performed_at or self.now
        self.now = max(self.now, at) + timedelta(hours=1)
        dated = [own if own.performed_at else own.model_copy(update={"performed_at": at}) for own in readings]
        values = {"trained_on": "no", "version": self.subject.version} | fields
        if with_plan:
            values["plan"] = self._kept(plan_object(criterion))
        result = AttachedResult.model_validate({"readings": self._kept(readings_object(dated)), **values})
        (reassessment,) = self.assessment_input.history.open
        self.add(
            Attached(
                reassessment=reassessment.id,
                evidence="result",
                provenance=provenance,  # type: ignore[arg-type] # one of its words
                criterion=criterion.name,
                role="account-2",
                independent=True,
                result=result,
            ),
            2,
        )

    def open_again(self) -> None:
        """Another re-assessment of the same mitigation, as a new trigger opens it."""
        last = self.opened()[-1]
        number = int(last.reassessment.rsplit("-", 1)[1]) + 1
        self.add(last.model_copy(update={"reassessment": f"R-2026-{number:03d}", "version": self.subject.version}))

    def end(self, how: str) -> None:
        """Closes the open re-assessment without a decision about the mitigation, or withdraws one that was made."""
        (reassessment,) = self.assessment_input.history.open
        text = self._kept("because")
        asked = Asked(comment=1, index=0, body_sha256="0" * 64, by=1)
        match how:
            case "superseded":
                self.add(Superseded(reassessment=reassessment.id, reason="no longer due"))
            case "not-material" | "merged-into":
                self.add(
                    SideExit(
                        reassessment=reassessment.id,
                        subject="filter",
                        how=how,
                        into="R-2026-999" if how == "merged-into" else None,
                        because=text,
                        settled=(Settled(kind="manual", about="", reason="it was asked for"),),
                        asked=asked,
                        confirmed_by=2,
                    )
                )
            case "withdrawn":
                self.conclude("filter", "degraded")
                self.add(
                    Corrected(
                        reassessment=reassessment.id,
                        subject="filter",
                        how="withdraw",
                        because=text,
                        asked=asked,
                        confirmed_by=2,
                    )
                )
            case _ if self.decided is None:
                self.decided = self.conclude("filter", how)
            case _:
                # As the command would write it, but for figures that no episode depends on.
                self.add(self.decided.model_copy(update={"reassessment": reassessment.id, "decision": how}), 2)

    def _kept(self, value: object) -> str:
        import json

        data = canonical(value)
        self.objects[digest(data)] = json.loads(data)
        return digest(data)

    def verdict(self, of: str | None = None) -> CriterionVerdict:
        """The verdict on a criterion, by the function that every command and view uses."""
        history = self.assessment_input.history
        reassessment = history.open[-1] if history.open else list(history.reassessments.values())[-1]
        verdicts = criterion_verdicts(self.subject, reassessment, self.evidence)
        return next(own for own in verdicts if of in {None, own.name})
