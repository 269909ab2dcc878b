"""The configuration of a register: mode, time zone, roles, pacing, gate."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from reassay.common.calendar import WEEKDAYS, Duration, WorkingDays, zone
from reassay.register.base import Day, Depth, Interval, Line, Positive, RoleName, Strict, refusal
from reassay.register.gate import Gate
from reassay.register.notifications import Notifications
from reassay.register.pins import LOGIN_PATTERN, LONGEST_PIN, TEAM_PATTERN, bare
from reassay.register.signal_sources import Signals
from reassay.register.significance import Significance

CONFIGURATION_PATH = ".github/reassay.yml"
"""The configuration file; a repository without it may write its keys at the head of files of the register."""


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except ValueError as error:
        raise refusal("not-a-time-zone", str(error)) from error
    return name


def _inside_the_repository(folder: str) -> str:
    if any(part in {"", ".", "..", ".git"} for part in folder.removesuffix("/").split("/")):
        raise refusal("bad-folder", f"{folder!r} is not a folder of this repository; write for example 'framework/'")
    return folder


Timezone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA name, for example Europe/Berlin."""

Login = Annotated[str, StringConstraints(pattern=LOGIN_PATTERN, max_length=39 + LONGEST_PIN)]
"""A GitHub account name, without the @; with `#` and its account id it is that account, whoever has the name later."""

FOLDER_PATTERN = r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?$"

RegisterFolder = Annotated[
    str, StringConstraints(pattern=FOLDER_PATTERN, max_length=200), AfterValidator(_inside_the_repository)
]
"""A folder of this repository, with slashes; never the root itself."""


Team = Annotated[str, StringConstraints(pattern=TEAM_PATTERN, max_length=140 + LONGEST_PIN)]
"""`organisation/team`, without the @; with `#` and its id it is that team, whatever has the name later."""
Mode = Literal["remind", "record", "advise", "enforce"]
"""The mode of adoption; each mode includes the ones before it."""
MODES: tuple[Mode, ...] = ("remind", "record", "advise", "enforce")
"""The modes in order of adoption."""


class Role(Strict):
    """A role: accounts, teams, or both."""

    users: tuple[Login, ...] = ()
    """Accounts, without the @. `login#id` is one account for good, also if somebody else takes its login."""
    teams: tuple[Team, ...] = ()
    """Teams as `organisation/team`, or `organisation/team#id`. Reading them needs your own GitHub App: see `app_id`."""

    @model_validator(mode="after")
    def _somebody(self) -> "Role":
        if not self.users and not self.teams:
            raise ValueError("nobody is listed; name accounts under 'users', or teams under 'teams'")
        return self


class Rollout(Strict):
    """Pacing of a first run over many mitigations that were never assessed."""

    max_open: Positive = 5
    """How many first re-assessments may be open at once."""
    per_week: Positive = 3
    """How many are opened in any seven days."""


class Reminders(Strict):
    """Reminders of open re-assessments."""

    before: Interval = Duration(days=7)
    """Time of the first reminder before the due date."""
    after: tuple[Annotated[int, Field(ge=0, le=400)], ...] = (0, 2, 5, 10, 20, 40)
    """Working days after the due date on which to remind; the last interval then repeats, or reminders are escalated."""
    escalate_to: RoleName | None = None
    """Role that is mentioned too once something is long past due. Reminders then come every week, until it is decided."""
    escalate_after: Annotated[int, Field(ge=0, le=400)] = 10
    """With `escalate_to`: working days past due from which on the role is mentioned."""
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    """Working days, on which people are reminded."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody is reminded."""

    @model_validator(mode="after")
    def _escalates_to_somebody(self) -> "Reminders":
        if self.escalate_to is None and "escalate_after" in self.model_fields_set:
            raise ValueError(
                "'escalate_after' needs 'escalate_to'; name the role, for example 'escalate_to: chief-scientist'"
            )
        return self


class Defaults(Strict):
    """Defaults of mitigations and triggers."""

    open_before: Interval = Duration(days=14)
    """How long before its due date a regular re-assessment opens."""
    respond_within: Interval = Duration(days=14)
    """Time to respond to a re-assessment without a date: never assessed, changed, requested."""
    triage_within: Interval = Duration(days=7)
    """Time to triage new information; after that it counts as material."""
    depth: Depth = Depth.LIGHT
    """Depth where the mitigation states none."""


class Configuration(Strict):
    """The configuration of a register."""

    mode: Mode | None = None
    """`remind`: issues and conclusions, in a ledger that says whether it is signed. `record`: the ledger is signed, and a
    conclusion needs answers and sign-offs. `advise`: pull requests get a verdict, and none is blocked. `enforce`: they are.
    Without a mode nothing is opened yet: the first contact is a pull request that shows what would be, and merging it
    writes this line."""
    timezone: Timezone = "UTC"
    """Time zone of due dates."""
    register_folder: Annotated[RegisterFolder, Field(alias="register")] = "framework/"
    """The folder that holds the register."""
    ignore_keys: tuple[Line, ...] = ()
    """Keys of other programs at the top of objects, such as `layout`, which are as if they were not there. Signatures do not
    cover them; a key that begins with `x-` needs no mention and is covered. Only in `.github/reassay.yml`."""
    publish: bool = False
    """On a public repository nothing is posted until this is true."""
    roles: dict[RoleName, Role] = Field(default_factory=dict)
    """Names for groups of accounts; a name not listed here is an account's login."""
    on_call: RoleName | None = None
    """Who may restrict or withdraw a deployment at once; the owner if left out."""
    app_id: Positive | None = None
    """Id of your own GitHub App that acts here. If left out the workflow's token acts, which cannot read teams and does not
    restrict people with write access."""
    writer: Literal["action", "app"] | None = None
    """Which of Action and hosted App writes if both are set up; the other one only reads. If left out, whichever runs writes."""
    bots: tuple[Line, ...] = ()
    """Further accounts whose issues count as this bot's own, for moving from one identity to another."""
    labels: bool = True
    """Whether issues carry this bot's labels."""
    dashboard: bool = False
    """Whether one pinned issue shows who has to do what, and a page with pictures on the branch `reassay-dashboard` every cell.
    The first contact switches it on. Switched off, the issue is closed and the page says so."""
    rollout: Rollout = Rollout()
    """Pacing of a first run over many mitigations."""
    reminders: Reminders = Reminders()
    """When people are reminded."""
    gate: Gate = Gate()
    """The merge gate, from mode `advise` on."""
    significance: Significance = Significance()
    """Which changes of a deployment are significant."""
    defaults: Defaults = Defaults()
    """Values for mitigations that state none of their own."""
    signals: Signals = Signals()
    """What is watched outside the register."""
    notifications: Notifications = Notifications()
    """Who is told of severe incidents at once."""

    @property
    def working_days(self) -> WorkingDays:
        """The working days of reminders."""
        return WorkingDays(
            frozenset(WEEKDAYS.index(day) for day in self.reminders.working_days),
            frozenset[date](self.reminders.holidays),
        )

    @property
    def records(self) -> bool:
        """Whether conclusions require answers and sign-offs."""
        return self.mode in {"record", "advise", "enforce"}

    @property
    def gates(self) -> bool:
        """Whether pull requests get a verdict."""
        return self.mode in {"advise", "enforce"}

    def people(self, role: str) -> tuple[str, ...]:
        """The logins and teams of a role; the role itself as a login if it is not declared."""
        declared = self.roles.get(role)
        return tuple(bare(name) for name in (*declared.users, *declared.teams)) if declared else (role,)
