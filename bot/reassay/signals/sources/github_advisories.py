"""GitHub's global security advisories for named packages, as its REST API gives them.

https://docs.github.com/rest/security-advisories/global-advisories
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from reassay.register.signal_sources import GitHubAdvisoriesSource
from reassay.signals.source_readings import JsonMap, Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources import field_values as values
from reassay.signals.sources.advisory_fields import advisory_fields
from reassay.signals.sources.rows import distinct, listed_problems

ECOSYSTEMS: Final = frozenset(
    {
        "actions",
        "composer",
        "erlang",
        "go",
        "maven",
        "npm",
        "nuget",
        "other",
        "pip",
        "pub",
        "rubygems",
        "rust",
        "swift",
    }
)
"""As GitHub writes them."""
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "pypi": "pip",
    "crates.io": "rust",
    "packagist": "composer",
    "hex": "erlang",
    "github actions": "actions",
    "swifturl": "swift",
}
"""OSV's names for the same."""


def read(source: GitHubAdvisoriesSource, context: SourceContext) -> SourceReading:
    """Raises SourceUnreadError."""
    problems: list[str] = []
    signals: list[Signal] = []
    for package in source.packages:
        ecosystem = package.ecosystem.lower()
        ecosystem = _OTHER_NAMES.get(ecosystem, ecosystem)
        if ecosystem not in ECOSYSTEMS:
            listed = ", ".join(sorted(ECOSYSTEMS))
            problems.append(f"GitHub has no ecosystem {values.shown(package.ecosystem)}; write one of {listed}.")
            continue
        name = f"{package.name}@{package.version}" if package.version else package.name
        signals.extend(_signals(context.advisories(ecosystem, name), package.name, context.now, problems))
    kept = distinct(signals, problems)
    newest = max((signal.first_seen_at for signal in kept if signal.first_seen_at), default=None)
    return SourceReading(signals=kept, newest=newest, problems=listed_problems(problems))


def _signals(advisories: tuple[JsonMap, ...], package: str, now: datetime, problems: list[str]) -> Iterator[Signal]:
    for number, advisory in enumerate(advisories, 1):
        try:
            fields = advisory_fields(advisory, "ghsa_id", now, problems)
        except values.OddValueError as error:
            problems.append(f"Advisory {number} for {values.shown(package)}: {error}.")
            continue
        yield Signal(
            key=fields.key,
            title=fields.title("summary"),
            first_seen_at=fields.instant("published_at"),
            severity=fields.severity("severity"),
            root_cause=fields.cause("cve_id"),
            url=fields.url("html_url"),
            withdrawn=fields.has_date("withdrawn_at"),
        )


READER = SourceReader(
    "github-advisories", GitHubAdvisoriesSource, frozenset({"action", "app"}), is_pushed=False, read=read
)
