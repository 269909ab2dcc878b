"""The people who still have something to do about an open re-assessment."""

from reassay.sweep.views.issue_model import IssueModel


def deciding_people(model: IssueModel) -> tuple[str, ...]:
    """Logins of those who have the next step: whose answer or signature is missing, or else who concludes.

    In mode `remind` that is whoever may conclude, of whom one is enough.
    """
    if model.records:
        return reminded_people(model)
    return model.allowed.people if model.allowed else (model.driver,) if model.driver else ()


def reminded_people(model: IssueModel) -> tuple[str, ...]:
    """Logins of those whose answer or signature is missing, not of those who have signed, or whose turn has not come.

    Without open rows it is whoever concludes; in mode `remind`, which has no rows, the driver.
    """
    approvals = model.approvals
    driver = (model.driver,) if model.driver else ()
    if approvals is None or not model.records:
        return driver
    directory = model.assessment_input.people
    waiting = (
        login
        for row in approvals.rows
        if not row.is_signed and not approvals.before(row)
        for login in approvals.people(row.requirement.roles)
        if not row.is_signed_by(directory.account(login).id)
    )
    return tuple(dict.fromkeys(waiting)) or (model.allowed.people if model.allowed else driver)


def deciding_roles(model: IssueModel) -> tuple[str, ...]:
    """Roles of those who have the next step: of the rows that can be signed now, or else of the conclusion."""
    approvals = model.approvals
    rows = approvals.rows if approvals is not None and model.records else ()
    waiting = [row for row in rows if approvals and not row.is_signed and not approvals.before(row)]
    roles = dict.fromkeys(role for row in waiting for role in row.requirement.roles)
    return tuple(roles) or (model.allowed.roles if model.allowed else ())
