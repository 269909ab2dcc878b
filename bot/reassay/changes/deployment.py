"""Changes of a deployment and their significance (source: 1-domain, "Which deployment changes are significant")."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from reassay.changes.agreements import agreed, too_early
from reassay.changes.base import Direction, FieldChange, looser, neutral, plain, rest, tighter
from reassay.changes.scale import largest, per_hour
from reassay.register.deployment import Audience, Deployment
from reassay.register.significance import Significance

AUDIENCES = list(Audience)
_LISTS = {
    "access": ("access", "another form of access"),
    "modalities_in": ("modality", "a new input modality"),
    "modalities_out": ("modality", "a new output modality"),
    "affordances": ("affordance", "a new affordance"),
}
_COVERABLE = {"languages": "language", "regions": "region", "integrations": "integration"}


@dataclass(frozen=True, slots=True)
class Measure:
    """Input for judging the changes of a deployment."""

    today: date
    by: Significance = field(default_factory=Significance)
    covered: Mapping[str, str] = field(default_factory=dict)
    """Language in small letters -> id of the evidence that covers it."""


def deployment_changes(before: Deployment, after: Deployment, measure: Measure) -> Iterator[FieldChange]:
    """Changes of a deployment, with agreements and the configured significance applied."""
    for field_change in _raw(before, after, measure):
        yield _judged(field_change, before, measure)


def _judged(field_change: FieldChange, before: Deployment, measure: Measure) -> FieldChange:
    if not field_change.significant:
        return field_change
    if field_change.sort in measure.by.only_recorded:
        return replace(
            field_change, significant=False, why=f"{field_change.why}; this framework only records changes of this sort"
        )
    values = [
        str(item) for item in (field_change.after if isinstance(field_change.after, list) else [field_change.after])
    ]
    early = too_early(before, field_change.field, values, measure.today)
    if early:
        return replace(field_change, why=f"{field_change.why}; planned for {early} or later")
    why = agreed(before, field_change.field, values, measure.today)
    return replace(field_change, significant=False, why=why) if why else field_change


def _raw(before: Deployment, after: Deployment, measure: Measure) -> Iterator[FieldChange]:
    yield from _audience(before, after)
    for name, (sort, why) in _LISTS.items():
        yield from _list(name, sort, why, before, after)
    for name, sort in _COVERABLE.items():
        yield from _coverable(name, sort, before, after, measure)
    yield from _oversight(before, after)
    yield from _exemptions(before, after)
    for name, sort, why in (("host", "host", "it runs elsewhere"), ("domain", "domain", "a regulated domain")):
        yield from _becomes(name, sort, why, before, after)
    yield from _model(before, after)
    yield from _age(before, after)
    yield from _scales(before, after, measure.by)
    yield from _rollout(before, after, measure.by)
    yield from _agreements(before, after)
    done = {
        "audience", *_LISTS, *_COVERABLE, "oversight", "safeguard_exemptions", "host", "domain", "model", "age_policy",
        "users", "rate_limit", "context_tokens", "rollout_percent", "preauthorised_changes", "planned",
    }  # fmt: skip
    yield from rest(before, after, done)


def _audience(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = AUDIENCES.index(before.audience), AUDIENCES.index(after.audience)
    if new > old:
        why = "more people can reach it"
        yield looser("audience", "widened", str(before.audience), str(after.audience), why, "audience")
    elif new < old:
        yield tighter("audience", "narrowed", str(before.audience), str(after.audience), "fewer people can reach it")


def _came_and_went(name: str, before: Deployment, after: Deployment) -> tuple[list[str], list[str]]:
    old, new = [str(item) for item in getattr(before, name)], [str(item) for item in getattr(after, name)]
    return [item for item in dict.fromkeys(new) if item not in old], [
        item for item in dict.fromkeys(old) if item not in new
    ]


def _list(name: str, sort: str, why: str, before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    came, went = _came_and_went(name, before, after)
    # One by one: some of them may have been agreed to, and others not.
    for item in came:
        yield looser(name, "added", None, [item], why, sort)
    if went:
        yield tighter(name, "removed", went, None, "narrower", sort)


def _coverable(name: str, sort: str, before: Deployment, after: Deployment, measure: Measure) -> Iterator[FieldChange]:
    came, went = _came_and_went(name, before, after)
    for item in came:
        evidence = measure.covered.get(item.casefold()) if sort == "language" else None
        field_change = looser(name, "added", None, [item], f"no evidence covers this {sort} yet", sort)
        yield (
            replace(field_change, significant=False, why=f"evidence {evidence} covers it already")
            if evidence
            else field_change
        )
    if went:
        yield tighter(name, "removed", went, None, "narrower", sort)


def _oversight(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = before.oversight, after.oversight
    if old == new:
        return
    if old is None:
        yield tighter("oversight", "added", None, new, "it has oversight now", "oversight")
    elif new is None:
        yield looser("oversight", "removed", old, None, "it has no oversight now", "oversight")
    else:
        yield looser(
            "oversight",
            "changed",
            old,
            new,
            "text cannot be compared, so less oversight cannot be ruled out",
            "oversight",
        )


def _exemptions(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old = {(exemption.group, exemption.safeguard): exemption for exemption in before.safeguard_exemptions}
    new = {(exemption.group, exemption.safeguard): exemption for exemption in after.safeguard_exemptions}
    for (group, safeguard), now in new.items():
        then = old.get((group, safeguard))
        if then is None:
            why = "a group is exempted from a safeguard"
            yield looser("safeguard_exemptions", "added", None, f"{group} from {safeguard}", why, "safeguard")
        elif now != then:
            yield neutral("safeguard_exemptions", plain(then), plain(now), "the reason was rewritten")
    gone = [f"{group} from {safeguard}" for group, safeguard in old if (group, safeguard) not in new]
    if gone:
        yield tighter("safeguard_exemptions", "removed", gone, None, "an exemption ended", "safeguard")


def _becomes(name: str, sort: str, why: str, before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = getattr(before, name), getattr(after, name)
    if old == new:
        return
    if new is None:
        yield neutral(name, old, None, "no longer stated")
    else:
        yield looser(name, "added" if old is None else "changed", old, new, why, sort)


def _model(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    if before.model == after.model:
        return
    if before.model is None:
        yield neutral("model", None, after.model, "model stated for the first time")
    else:
        yield looser("model", "changed", before.model, after.model, "another base model", "model")


_AGE = re.compile(r"\d{1,2}")


def _age(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = before.age_policy, after.age_policy
    if old == new:
        return
    if old is None:
        yield tighter("age_policy", "added", None, new, "the age limit is now stated", "age-policy")
        return
    ages = [_AGE.search(text or "") for text in (old, new)]
    if all(ages) and int(ages[1][0]) >= int(ages[0][0]):  # type: ignore[index] # both found
        yield tighter("age_policy", "tightened", old, new, "the age limit is not lower", "age-policy")
    else:
        yield looser("age_policy", "changed", old, new, "more minors may be admitted", "age-policy")


def _scales(before: Deployment, after: Deployment, by: Significance) -> Iterator[FieldChange]:
    yield from _scale("users", before.users, after.users, by.users, largest)
    yield from _scale("rate_limit", before.rate_limit, after.rate_limit, by.rate_limit, per_hour)
    yield from _scale("context_tokens", before.context_tokens, after.context_tokens, by.context_tokens, _whole)


def _whole(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int) else None


def _scale(
    name: str, old: object, new: object, ratio: Fraction, read: Callable[..., Fraction | None]
) -> Iterator[FieldChange]:
    if old == new:
        return
    if old is None:
        yield neutral(name, None, new, "stated for the first time")
        return
    then, now = read(old), read(new) if new is not None else None
    if then is None or now is None or then == 0:
        why = "it cannot be compared, so growth cannot be ruled out"
        yield looser(name, "removed" if new is None else "changed", old, new, why, "scale")
    elif now >= then * ratio:
        yield looser(
            name, "raised", old, new, f"{_times(now / then)} times what it was; {ratio} times is significant", "scale"
        )
    elif now > then:
        field_change = looser(
            name, "raised", old, new, f"{_times(now / then)} times what it was, below {ratio} times", "scale"
        )
        yield replace(field_change, significant=False)
    else:
        yield tighter(name, "lowered", old, new, "less than it was", "scale")


def _times(ratio: Fraction) -> str:
    return f"{float(ratio):.3g}"


def _rollout(before: Deployment, after: Deployment, by: Significance) -> Iterator[FieldChange]:
    old, new = before.rollout_percent, after.rollout_percent
    if old == new:
        return
    if old is None or new is None:
        # Not said means everybody.
        old_share, new_share = 100.0 if old is None else old, 100.0 if new is None else new
    else:
        old_share, new_share = old, new
    if new_share == old_share:
        yield neutral("rollout_percent", old, new, "everybody has it in both cases")
        return
    crossed = [step for step in by.rollout_steps if old_share < step <= new_share]
    if new_share < old_share:
        yield tighter("rollout_percent", "lowered", old, new, "fewer people have it", "scale")
    elif crossed:
        steps = ", ".join(f"{step:g}" for step in crossed)
        yield looser("rollout_percent", "raised", old, new, f"it crosses the step at {steps} percent", "scale")
    else:
        yield replace(looser("rollout_percent", "raised", old, new, "no step is crossed", "scale"), significant=False)


def _agreements(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    """Changes of agreements, which cannot cover a change in the same pull request."""
    for change in after.preauthorised_changes:
        if change not in before.preauthorised_changes:
            yield replace(
                looser(
                    "preauthorised_changes", "added", None, change.change, "a later change would need no assessment"
                ),
                significant=False,
            )
    gone = [change.change for change in before.preauthorised_changes if change not in after.preauthorised_changes]
    if gone:
        yield tighter("preauthorised_changes", "removed", gone, None, "an agreement ended")
    for plan in after.planned:
        if plan not in before.planned:
            why = "declared in advance; it is assessed before its date"
            text = f"{plan.change} ({plan.not_before})"
            yield FieldChange("planned", "declared", None, text, Direction.NEUTRAL, significant=False, why=why)
    dropped = [plan.change for plan in before.planned if plan not in after.planned]
    if dropped:
        yield tighter("planned", "removed", dropped, None, "no longer planned")


def significant(changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """Changes that require a re-assessment."""
    return tuple(field_change for field_change in changes if field_change.significant)
