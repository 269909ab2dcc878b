"""Configuration: time zone, roles, pacing. One file, or the head of the first register file."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from reassay.common.calendar import WEEKDAYS, Duration, WorkingDays, zone
from reassay.register.base import NAME_PATTERN, Day, Depth, Interval, Line, Positive, RoleName, Strict, refusal
from reassay.register.gate import Gate
from reassay.register.significance import Significance


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

Login = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=39)]
"""A GitHub account name, without the @."""

FOLDER_PATTERN = r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?$"

RegisterFolder = Annotated[
    str, StringConstraints(pattern=FOLDER_PATTERN, max_length=200), AfterValidator(_inside_the_repository)
]
"""A folder of this repository, with slashes; never the root itself."""


TEAM_PATTERN = r"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9][A-Za-z0-9._-]*$"
Team = Annotated[str, StringConstraints(pattern=TEAM_PATTERN, max_length=140)]
"""`organisation/team`, without the @."""
Mode = Literal["remind", "record", "advise", "enforce"]
"""How far adoption has come; each mode does what the ones before it do."""
MODES: tuple[Mode, ...] = ("remind", "record", "advise", "enforce")
"""In the order of adoption."""


class Role(Strict):
    """People who act under one name: accounts, teams, or both."""

    users: tuple[Login, ...] = ()
    """Accounts, without the @."""
    teams: tuple[Team, ...] = ()
    """Teams as `organisation/team`. Reading who is in them takes an App of one's own: see `app_id`."""

    @model_validator(mode="after")
    def _somebody(self) -> "Role":
        if not self.users and not self.teams:
            raise ValueError("nobody is listed; name accounts under 'users', or teams under 'teams'")
        return self


class Rollout(Strict):
    """Pacing of a first run over many mitigations that this register has never seen assessed."""

    max_open: Positive = 5
    """How many first re-assessments may be open at once."""
    per_week: Positive = 3
    """How many are opened in any seven days."""


class Reminders(Strict):
    """When an open re-assessment is spoken of again: working days after it is due, growing apart."""

    before: Interval = Duration(days=7)
    """The first reminder comes so long before it is due."""
    after: tuple[Annotated[int, Field(ge=0, le=400)], ...] = (0, 2, 5, 10, 20, 40)
    """Working days after the due date on which to remind; the last distance then repeats."""
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    """Days on which people work and are reminded."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody is reminded."""


class Defaults(Strict):
    """What a mitigation gets that does not say otherwise."""

    open_before: Interval = Duration(days=14)
    """A regular re-assessment opens so long before it is due."""
    respond_within: Interval = Duration(days=14)
    """How long people have for one that was not foreseeable: never assessed, changed, asked for."""
    triage_within: Interval = Duration(days=7)
    """How long people have to say whether new information is material; after that it counts as material."""
    depth: Depth = Depth.LIGHT
    """Depth where the mitigation states none."""


class Configuration(Strict):
    """Everything about how the register is run."""

    mode: Mode | None = None
    """`remind`: issues and conclusions, in a ledger that says whether it is signed. `record`: the ledger is signed, and a
    conclusion takes answers and sign-offs. `advise`: pull requests get a verdict, and nothing is held back. `enforce`: it is.
    Without a mode nothing is opened yet: the first contact is a pull request that shows what would be, and merging it
    writes this line."""
    timezone: Timezone = "UTC"
    """Where the due dates are calendar dates."""
    register_folder: Annotated[RegisterFolder, Field(alias="register")] = "framework/"
    """The folder that holds the register."""
    publish: bool = False
    """On a public repository nothing is posted until this is true."""
    roles: dict[RoleName, Role] = Field(default_factory=dict)
    """Names for groups of accounts; a name not listed here is an account's login."""
    on_call: RoleName | None = None
    """Who may restrict or withdraw a deployment at once; the owner if left out."""
    app_id: Positive | None = None
    """Id of the GitHub App of one's own that acts here. Left out: the workflow's token does, which holds nobody back who may
    write to the repository, and cannot read teams."""
    writer: Literal["action", "app"] | None = None
    """Who writes where both are set up, the Action or the hosted App; the other one only looks. Left out: whoever runs."""
    bots: tuple[Line, ...] = ()
    """Further accounts whose issues count as this bot's own, for moving from one identity to another."""
    labels: bool = True
    """Whether issues carry this bot's labels."""
    rollout: Rollout = Rollout()
    """Pacing of a first run over many mitigations."""
    reminders: Reminders = Reminders()
    """When people are reminded."""
    gate: Gate = Gate()
    """Who signs what a pull request changes, from mode `advise` on."""
    significance: Significance = Significance()
    """Which changes of a deployment are significant."""
    defaults: Defaults = Defaults()
    """Values for mitigations that state none of their own."""

    @property
    def working_days(self) -> WorkingDays:
        """The calendar that reminders respect."""
        return WorkingDays(
            frozenset(WEEKDAYS.index(day) for day in self.reminders.working_days),
            frozenset[date](self.reminders.holidays),
        )

    @property
    def records(self) -> bool:
        """Whether conclusions take answers and sign-offs."""
        return self.mode in {"record", "advise", "enforce"}

    @property
    def gates(self) -> bool:
        """Whether pull requests get a verdict."""
        return self.mode in {"advise", "enforce"}

    def people(self, role: str) -> tuple[str, ...]:
        """Logins that hold `role`, and its teams: the declared ones, or the account of that very name."""
        declared = self.roles.get(role)
        return (*declared.users, *declared.teams) if declared else (role,)
