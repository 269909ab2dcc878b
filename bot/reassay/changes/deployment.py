"""Changes of a deployment and their significance (source: 1-domain, "Which deployment changes are significant")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from reassay.changes.agreements import agreed, agreement_changes, too_early
from reassay.changes.base import FieldChange, key_of, looser, neutral, rest, tighter, uncompared
from reassay.changes.scale import growth, least_age, read_scale
from reassay.register.deployment import Audience, Deployment
from reassay.register.significance import Significance

AUDIENCES = list(Audience)
_LISTS = {
    "access": ("access", "another form of access"),
    "modalities_in": ("modality", "a new input modality"),
    "modalities_out": ("modality", "a new output modality"),
    "affordances": ("affordance", "a new affordance"),
}
EFFECTLESS: Mapping[str, str] = {
    "title": "a name for people; everything that is assessed about a deployment has a field of its own"
}
"""Field -> how it is known that its change has no effect."""
_UNSTATED_IS_ANY = frozenset({"languages", "regions"})
"""Lists of which an empty one says nothing, so that anything may be the case."""
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
    yield from _prompt(before, after)
    yield from _age(before, after)
    yield from _scales(before, after, measure.by)
    yield from _rollout(before, after, measure.by)
    yield from agreement_changes(before, after, measure.today)
    yield from _observed(before, after)
    done = {
        "audience", *_LISTS, *_COVERABLE, "oversight", "safeguard_exemptions", "host", "domain", "model", "age_policy",
        "system_prompt_digest", "users", "rate_limit", "context_tokens", "rollout_percent", "preauthorised_changes", "planned",
        "observed",
    }  # fmt: skip
    yield from rest(before, after, done, EFFECTLESS)


def _audience(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = AUDIENCES.index(before.audience), AUDIENCES.index(after.audience)
    if new > old:
        why = "more people can reach it"
        yield looser("audience", "widened", str(before.audience), str(after.audience), why, "audience")
    elif new < old:
        yield tighter("audience", "narrowed", str(before.audience), str(after.audience), "fewer people can reach it")


def _came_and_went(name: str, before: Deployment, after: Deployment) -> tuple[list[str], list[str]]:
    old, new = (dict.fromkeys(str(item) for item in getattr(side, name)) for side in (before, after))
    return [item for item in new if item not in old], [item for item in old if item not in new]


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
    if went and not getattr(after, name) and name in _UNSTATED_IS_ANY:
        yield uncompared(name, went, None, f"no {sort} is stated any more, so none is ruled out")
    elif went:
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
    then = {key_of(exemption) for exemption in before.safeguard_exemptions}
    old, new = (
        {(exemption.group, exemption.safeguard): exemption for exemption in side.safeguard_exemptions}
        for side in (before, after)
    )
    for now in after.safeguard_exemptions:
        if key_of(now) in then:
            continue
        if (now.group, now.safeguard) in old:
            why = "the reason and conditions were rewritten, and text cannot be compared"
            yield uncompared("safeguard_exemptions", old[now.group, now.safeguard], now, why)
        else:
            why = "a group is exempted from a safeguard"
            yield looser("safeguard_exemptions", "added", None, f"{now.group} from {now.safeguard}", why, "safeguard")
    gone = [f"{group} from {safeguard}" for group, safeguard in old if (group, safeguard) not in new]
    if gone:
        yield tighter("safeguard_exemptions", "removed", gone, None, "an exemption ended", "safeguard")


def _becomes(name: str, sort: str, why: str, before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = getattr(before, name), getattr(after, name)
    if old == new:
        return
    if new is None:
        yield uncompared(name, old, None, "no longer stated, so anything may be the case")
    else:
        yield looser(name, "added" if old is None else "changed", old, new, why, sort)


def _model(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = before.model, after.model
    if old == new:
        return
    if old is None:
        yield uncompared("model", None, new, "stated for the first time, so it may be another than the one assessed")
    else:
        yield looser("model", "changed" if new else "removed", old, new, "another base model", "model")


def _prompt(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = before.system_prompt_digest, after.system_prompt_digest
    if old == new:
        return
    if old is None:
        yield uncompared("system_prompt_digest", None, new, "stated for the first time")
    else:
        why = "another system prompt, whose effect nobody can tell from its digest"
        yield looser("system_prompt_digest", "changed" if new else "removed", old, new, why)


def _age(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    old, new = before.age_policy, after.age_policy
    if old == new:
        return
    then, now = least_age(old or ""), least_age(new or "")
    if now is None or (old is not None and (then is None or now < then)):
        yield looser("age_policy", "changed", old, new, "more minors may be admitted", "age-policy")
    elif then is None:
        yield tighter("age_policy", "added", None, new, "the age limit is now stated", "age-policy")
    elif now > then:
        yield tighter("age_policy", "tightened", old, new, "the age limit is higher", "age-policy")
    else:
        yield neutral("age_policy", old, new, "the same age limit in other words")


def _observed(before: Deployment, after: Deployment) -> Iterator[FieldChange]:
    """Where it is observed: a field that is watched for the first time is tighter; all else may hide a difference."""
    old, new = {key_of(path) for path in before.observed}, {key_of(path) for path in after.observed}
    watched, still = {path.field for path in before.observed}, {path.field for path in after.observed}
    for path in after.observed:
        if key_of(path) not in old and path.field not in watched:
            yield tighter("observed", "added", None, [f"{path.field} in {path.repository}"], "it is observed now")
        elif key_of(path) not in old:
            yield uncompared("observed", None, [f"{path.field} in {path.repository}"], "it is observed in another way")
    for path in before.observed:
        if key_of(path) not in new and path.field not in still:
            yield uncompared("observed", [f"{path.field} in {path.repository}"], None, "it is no longer observed")


def _scales(before: Deployment, after: Deployment, by: Significance) -> Iterator[FieldChange]:
    yield from _scale("users", before.users, after.users, by.users)
    yield from _scale("rate_limit", before.rate_limit, after.rate_limit, by.rate_limit)
    yield from _scale("context_tokens", before.context_tokens, after.context_tokens, by.context_tokens)


def _scale(name: str, old: str | int | None, new: str | int | None, ratio: Fraction) -> Iterator[FieldChange]:
    if old == new:
        return
    if old is None:
        yield uncompared(name, None, new, "stated for the first time, so growth cannot be ruled out")
        return
    then, now = read_scale(str(old)), read_scale(str(new)) if new is not None else None
    times = growth(then, now) if then and now else None
    if times is None:
        why = "it cannot be compared, so growth cannot be ruled out"
        yield looser(name, "removed" if new is None else "changed", old, new, why, "scale")
    elif times >= ratio:
        why = f"up to {_times(times)} times what it was; {ratio} times is significant"
        yield looser(name, "raised", old, new, why, "scale")
    elif times > 1:
        why = f"up to {_times(times)} times what it was, below {ratio} times"
        yield replace(looser(name, "raised", old, new, why, "scale"), significant=False)
    elif times == 1 and then and now and growth(now, then) == 1:
        yield neutral(name, old, new, "the same figure in other words")
    else:
        yield tighter(name, "lowered", old, new, "not more than it was", "scale")


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


def significant(changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """Changes that require a re-assessment."""
    return tuple(field_change for field_change in changes if field_change.significant)
