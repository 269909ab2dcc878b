"""Sources of signals as a configuration states them: where incidents, information, counts and exposure come from.

They are read by `bot/reassay/signals/sources`, in the module of the same kind. A source names a secret and never holds one: the
operator declares secrets outside the register, each for one host.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, StringConstraints, model_validator

from reassay.register.base import Id, Interval, Line, Positive, Strict
from reassay.register.incident import IncidentKind, Severity
from reassay.register.information import InformationKind
from reassay.register.threat_model import AtlasId

SECRET_PATTERN: Final = r"^[A-Z][A-Z0-9_]*$"  # noqa: S105 -- the form of a name, no secret
URL_PATTERN: Final = r"^https?://[^\s@]+$"
PATH_PATTERN: Final = r"^[^/\x00-\x1f][^\x00-\x1f]*$"
REPOSITORY_PATTERN: Final = r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"
PRODUCT_PATTERN: Final = r"^[^/\x00-\x1f]+/[^\x00-\x1f]+$"

SecretName = Annotated[str, StringConstraints(pattern=SECRET_PATTERN, max_length=60)]
"""Name of a secret that the operator declares, for example `PROMETHEUS`."""
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=1000)]
"""An address without a login. The App reads public `https` addresses alone, unless its operator allows others."""
RepositoryPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN, max_length=300)]
"""Path of a file in the framework repository, with slashes."""
RepositoryName = Annotated[str, StringConstraints(pattern=REPOSITORY_PATTERN, max_length=140)]
"""`owner/name` of a repository on the same GitHub."""
Gives = Literal["incidents", "information", "count", "exposure"]
"""What a source gives. `count`: a leading indicator, as blocked attempts. `exposure`: what a rate is per, as requests."""
RowField = Literal[
    "key",
    "title",
    "first_seen_at",
    "occurred_at",
    "resolved_at",
    "severity",
    "kind",
    "root_cause",
    "mitigations",
    "deployment",
    "url",
    "day",
    "count",
]
"""A field of an incident, an information item or a count, whose column a file or a feed may name."""
_FIELDS_OF_ITEMS: frozenset[RowField] = frozenset(
    {"key", "title", "first_seen_at", "kind", "mitigations", "deployment", "url"}
)
_FIELDS_OF_INCIDENTS: frozenset[RowField] = frozenset({"occurred_at", "resolved_at", "severity", "root_cause"})
_FIELDS_OF_COUNTS: frozenset[RowField] = frozenset({"day", "count", "deployment"})
FIELDS_OF: Mapping[Gives, frozenset[RowField]] = {
    "incidents": _FIELDS_OF_ITEMS | _FIELDS_OF_INCIDENTS,
    "information": _FIELDS_OF_ITEMS,
    "count": _FIELDS_OF_COUNTS,
    "exposure": _FIELDS_OF_COUNTS,
}
"""The fields that a row has, by what its source gives."""
Product = Annotated[str, StringConstraints(pattern=PRODUCT_PATTERN, max_length=300)]
"""`vendor/product`."""


class SourceSpec(Strict):
    """The fields of all sources."""

    id: Id
    """Its name, in triggers, records and messages."""
    silent_after: Interval | None = None
    """How long nothing may come from it before it counts as silent; left out if silence is normal."""
    mitigations: tuple[Id, ...] = ()
    """Mitigations that its incidents say failed, or its information may affect, where an item names none itself."""
    deployment: Id | None = None
    """Deployment that its items are about, where an item names none itself."""
    severity: Severity = Severity.MEDIUM
    """Severity of an incident that states none."""
    incident_kind: IncidentKind = "incident"
    """Kind of an incident that states none."""
    information_kind: InformationKind = "external-incident"
    """Kind of an information item that states none."""


class IssuesSource(SourceSpec):
    """Issues with a label, here or in another repository: the issue forms that `reassay init` writes, or any others."""

    kind: Literal["issues"]
    """Issues with a label."""
    label: Line
    """Label of the issues. Only people with triage rights can put it on; an issue form does it for anybody who files one."""
    repository: RepositoryName | None = None
    """Another repository of the same GitHub; this one if left out."""
    gives: Literal["incidents", "information"] = "incidents"
    """What it gives."""


class FileSource(SourceSpec):
    """A CSV, JSON or YAML file in this repository."""

    kind: Literal["file"]
    """A file in this repository."""
    path: RepositoryPath
    """Its path; the ending says the format."""
    gives: Gives = "incidents"
    """What it gives."""
    columns: dict[RowField, Line] = Field(default_factory=dict)
    """Names of its columns by field. A field that is left out is in the column of its own name."""

    @model_validator(mode="after")
    def _columns_of_what_it_gives(self) -> "FileSource":
        return _only_read_columns(self)


class DispatchSource(SourceSpec):
    """`repository_dispatch` events from any pipeline, with the source's id in the payload."""

    kind: Literal["dispatch"]
    """Events that a pipeline sends."""
    gives: Gives = "incidents"
    """What it gives."""


class JsonFeedSource(SourceSpec):
    """A JSON document behind HTTP: a list of objects, or one below a stated key."""

    kind: Literal["json-feed"]
    """A JSON document behind HTTP."""
    url: Url
    """Its address."""
    secret: SecretName | None = None
    """Sent as a bearer token."""
    items: Line | None = None
    """Key of the list, with dots for inner keys; the document itself if left out."""
    gives: Gives = "incidents"
    """What it gives."""
    columns: dict[RowField, Line] = Field(default_factory=dict)
    """Keys of an item by field, as for files; with dots for inner keys."""

    @model_validator(mode="after")
    def _columns_of_what_it_gives(self) -> "JsonFeedSource":
        return _only_read_columns(self)


class PrometheusSource(SourceSpec):
    """A range query of a Prometheus server, summed up by day."""

    kind: Literal["prometheus"]
    """A Prometheus server."""
    url: Url
    """Address of the server, before `/api/v1`."""
    query: Line
    """An expression whose values are counts: a counter (`of: counter`), or a number a day (`of: per-day`)."""
    of: Literal["counter", "per-day"] = "counter"
    """What the values of the expression are."""
    secret: SecretName | None = None
    """Sent as a bearer token."""
    gives: Literal["count", "exposure", "incidents"] = "count"
    """What it gives."""


class AlertmanagerSource(SourceSpec):
    """Webhooks of Prometheus' Alertmanager at the App."""

    kind: Literal["alertmanager"]
    """Webhooks of Alertmanager."""
    secret: SecretName
    """The bearer token that Alertmanager sends."""
    heartbeat: Line | None = None
    """Name of an alert that always fires, which only shows that the path works."""
    gives: Literal["incidents"] = "incidents"
    """What it gives."""


class PagerDutySource(SourceSpec):
    """Webhooks (V3) of PagerDuty at the App."""

    kind: Literal["pagerduty"]
    """Webhooks of PagerDuty."""
    secret: SecretName
    """The signing secret of the subscription."""
    gives: Literal["incidents"] = "incidents"
    """What it gives."""


class StatuspageSource(SourceSpec):
    """Webhooks of Atlassian Statuspage at the App."""

    kind: Literal["statuspage"]
    """Webhooks of Statuspage."""
    secret: SecretName
    """A token in the webhook's address, as Statuspage signs nothing."""
    gives: Literal["incidents"] = "incidents"
    """What it gives."""


class Package(Strict):
    """A package by the name of its registry's ecosystem, as OSV and GitHub write both."""

    ecosystem: Line
    """Its registry's ecosystem, for example `pip` or `PyPI`."""
    name: Line
    """Its name there."""
    version: Line | None = None
    """The version in use; every version if left out."""


class GitHubAdvisoriesSource(SourceSpec):
    """GitHub security advisories for named packages."""

    kind: Literal["github-advisories"]
    """Advisories of GitHub."""
    packages: Annotated[tuple[Package, ...], Field(min_length=1, max_length=100)]
    """The packages that are watched."""
    gives: Literal["information"] = "information"
    """What it gives."""


class OsvSource(SourceSpec):
    """OSV vulnerabilities for named packages. It has nothing for models."""

    kind: Literal["osv"]
    """Vulnerabilities of OSV."""
    packages: Annotated[tuple[Package, ...], Field(min_length=1, max_length=100)]
    """The packages that are watched."""
    url: Url = "https://api.osv.dev"
    """Address of OSV, or of a copy."""
    gives: Literal["information"] = "information"
    """What it gives."""


class CisaKevSource(SourceSpec):
    """CISA's catalogue of known exploited vulnerabilities, for named products."""

    kind: Literal["cisa-kev"]
    """CISA's catalogue."""
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=100)]
    """`vendor/product` as the catalogue writes them, in any case; `vendor/*` for all."""
    url: Url = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
    """Address of the catalogue, or of a copy."""
    gives: Literal["information"] = "information"
    """What it gives."""


class AtlasSource(SourceSpec):
    """MITRE ATLAS: changed content under technique ids that threat models link, or that are named here."""

    kind: Literal["atlas"]
    """A release of MITRE ATLAS."""
    url: Url
    """Address of a content release, for example of `dist/v6/ATLAS-latest.yaml`."""
    techniques: tuple[AtlasId, ...] = ()
    """Techniques besides those that threat models name under `atlas`."""
    gives: Literal["information"] = "information"
    """What it gives."""


class AvidSource(SourceSpec):
    """A dump of AVID reports, as a file in this repository or behind HTTP."""

    kind: Literal["avid"]
    """A dump of AVID."""
    path: RepositoryPath | None = None
    """Its path in this repository; either this or `url`."""
    url: Url | None = None
    """Its address; either this or `path`."""
    words: tuple[Line, ...] = ()
    """Only reports in whose title, description or artifacts a word begins with one of these; all if left out."""
    gives: Literal["information"] = "information"
    """What it gives."""

    @model_validator(mode="after")
    def _one_place(self) -> "AvidSource":
        return _one_of_path_and_url(self)


class IncidentDatabaseSource(SourceSpec):
    """A dump of the AI Incident Database, as a file in this repository or behind HTTP."""

    kind: Literal["ai-incident-database"]
    """A dump of the AI Incident Database."""
    path: RepositoryPath | None = None
    """Its path in this repository; either this or `url`."""
    url: Url | None = None
    """Its address; either this or `path`."""
    words: tuple[Line, ...] = ()
    """Only incidents in whose title or description a word begins with one of these; all if left out."""
    gives: Literal["information"] = "information"
    """What it gives."""

    @model_validator(mode="after")
    def _one_place(self) -> "IncidentDatabaseSource":
        return _one_of_path_and_url(self)


ColumnsT = TypeVar("ColumnsT", FileSource, JsonFeedSource)


def _only_read_columns(source: ColumnsT) -> ColumnsT:
    for unread in sorted(set(source.columns) - FIELDS_OF[source.gives]):
        fields = ", ".join(sorted(FIELDS_OF[source.gives]))
        raise ValueError(f"'{unread}' is not a field of what it gives ({source.gives}); the fields are {fields}")
    return source


PlacedT = TypeVar("PlacedT", AvidSource, IncidentDatabaseSource)


def _one_of_path_and_url(source: PlacedT) -> PlacedT:
    if (source.path is None) == (source.url is None):
        raise ValueError("it needs either 'path' or 'url'; name the file in this repository, or its address")
    return source


SignalSource = Annotated[
    IssuesSource
    | FileSource
    | DispatchSource
    | JsonFeedSource
    | PrometheusSource
    | AlertmanagerSource
    | PagerDutySource
    | StatuspageSource
    | GitHubAdvisoriesSource
    | OsvSource
    | CisaKevSource
    | AtlasSource
    | AvidSource
    | IncidentDatabaseSource,
    Field(discriminator="kind"),
]


class Signals(Strict):
    """What is watched outside the register."""

    sources: Annotated[tuple[SignalSource, ...], Field(max_length=100)] = ()
    """Each is read on every sweep, or received."""
    baseline: Positive = 50
    """More items than this that arrive from a source at once are a bulk import: they only set the baseline, as the first reading
    does, and a person is told. What was first seen in the last seven days still counts if it was sent, as alerts are, or
    if it is a critical incident."""

    @model_validator(mode="after")
    def _unique(self) -> "Signals":
        for twice in _twice(source.id for source in self.sources):
            raise ValueError(f"two sources have the id '{twice}'; give one of them another")
        return self

    def source(self, name: str) -> SourceSpec | None:
        """The source with an id; None if there is none."""
        return next((source for source in self.sources if source.id == name), None)


def _twice(names: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
