"""The findings of `reassay check`, for every command that says what a check would find."""

from dataclasses import replace

from reassay.common.calendar import local_date
from reassay.common.instants import instant_or_now
from reassay.evidence.criterion_findings import with_target_findings
from reassay.register.lint.dates import dated_findings
from reassay.register.register import Register
from reassay.register.views.summary import register_summary


def with_check_findings(register: Register, at: str | None = None) -> Register:
    """The register, with the findings that depend on the date, and those about targets, added."""
    timezone = register.configuration.timezone
    dated = dated_findings(register, local_date(instant_or_now(at, timezone), timezone))
    return with_target_findings(replace(register, findings=(*register.findings, *dated)))


def check_line(register: Register, at: str | None = None) -> str:
    """The last line of `reassay check`, as other commands quote it."""
    return f"reassay check: {register_summary(with_check_findings(register, at))}"
