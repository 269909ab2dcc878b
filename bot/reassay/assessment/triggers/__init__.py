"""The re-assessment triggers, one module each: a new one is a file here with its TRIGGER, and a line in TRIGGERS."""

from reassay.assessment.triggers import (
    acceptance_expired,
    data_unknown,
    deployment_change,
    drift,
    evidence_expired,
    evidence_stale,
    follow_up_overdue,
    incident_rate,
    incident_severity,
    interval,
    interval_range,
    interval_unless,
    invalidation_condition,
    manual,
    metric_increase,
    metric_ratio,
    metric_threshold,
    mitigation_change,
    model_change,
    never_assessed,
    new_information,
    observation_stale,
    redundancy_lost,
    regression,
)
from reassay.assessment.triggers import bypass as bypassed
from reassay.assessment.triggers import override as overridden
from reassay.assessment.triggers.base import BuiltInTrigger, StatedTrigger
from reassay.register.trigger_specs import AnyTrigger

BUILT_IN: tuple[BuiltInTrigger, ...] = (
    bypassed.TRIGGER,
    evidence_expired.TRIGGER,
    follow_up_overdue.TRIGGER,
    manual.TRIGGER,
    mitigation_change.TRIGGER,
    never_assessed.TRIGGER,
    overridden.TRIGGER,
)
"""Triggers of every subject, in order of evaluation."""
TRIGGERS: tuple[StatedTrigger[AnyTrigger], ...] = (
    deployment_change.TRIGGER,
    model_change.TRIGGER,
    redundancy_lost.TRIGGER,
    acceptance_expired.TRIGGER,
    new_information.TRIGGER,
    incident_severity.TRIGGER,
    interval.TRIGGER,
    interval_range.TRIGGER,
    interval_unless.TRIGGER,
    metric_ratio.TRIGGER,
    metric_increase.TRIGGER,
    metric_threshold.TRIGGER,
    invalidation_condition.TRIGGER,
    evidence_stale.TRIGGER,
    regression.TRIGGER,
    incident_rate.TRIGGER,
    data_unknown.TRIGGER,
    drift.TRIGGER,
    observation_stale.TRIGGER,
)
"""Triggers that a register states. Defaults of every mitigation are evaluated in this order."""
