"""Reads what product repositories say of deployments: one commit of each, and the files that the register names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reassay.common.errors import LimitError, NotAllowedError, NotFoundError, UpstreamError
from reassay.github.client import Client
from reassay.github.product_files import ProductFile, ProductFiles
from reassay.register.deployment import Deployment
from reassay.register.observed_paths import ObservedPath
from reassay.register.register import Register
from reassay.signals.observing.observation import (
    ObservedFields,
    files_of,
    observe,
    paths_in,
    repositories_of,
    settings_of,
    unread_everywhere,
)
from reassay.signals.observing.product_documents import UnreadValueError, read_document

CONSENT = ".github/reassay-observed.yml"
"""File of a product that lists the frameworks which the hosted App may read it for: `frameworks: [owner/name]`."""
ProductClients = Callable[[str], Client]
"""The client that can read a repository by its name. Raises NotFoundError or NotAllowedError if none can."""


def no_client(repository: str) -> Client:
    """For runs that read no other repository. Raises NotAllowedError."""
    raise NotAllowedError(f"this run reads no other repository than its own, so not {repository}")


@dataclass(frozen=True, slots=True)
class ProductObservation:
    """What a product repository says of one deployment now."""

    deployment: str
    repository: str
    """Name of the repository, as the register writes it."""
    settings: str
    commit: str
    """Empty if the repository could not be read."""
    fields: ObservedFields
    unavailable: str = ""
    """Why it could not be asked just now, where asking again may help; then nothing is known."""


def product_observations(
    register: Register, clients: ProductClients, only: str | None = None, agreed_to: str = ""
) -> tuple[ProductObservation, ...]:
    """An observation of each deployment and repository, in order. What fails for one repository leaves the others.

    `only`: the name of the one repository that is read. `agreed_to`: the framework that a repository must name in CONSENT, or
    nothing of it is read. Two requests for each branch of a repository. Raises LimitError.
    """
    reader = _Reader(clients, agreed_to)
    return tuple(
        observation
        for name, entry in register.deployments.items()
        for repository in repositories_of(entry.value)
        if only is None or repository.lower() == only.lower()
        for observation in [_observation(name, entry.value, repository, reader)]
    )


def observations_at(
    register: Register, files: ProductFiles, commit: str, branch: str, *, is_default: bool
) -> tuple[ProductObservation, ...]:
    """What one commit of a product repository would say of each deployment on a branch. Raises UpstreamError.

    Paths on other branches are left out.
    """
    observations: list[ProductObservation] = []
    for name, entry in register.deployments.items():
        paths = paths_in(entry.value, files.full_name)
        own = tuple(path for path in paths if path.branch == branch or (path.branch is None and is_default))
        if own:
            content = _content(files.at(commit, files_of(own)))
            fields = _only(observe(paths, content), {path.field for path in own})
            observations.append(ProductObservation(name, files.full_name, settings_of(paths), commit, fields))
    return tuple(observations)


@dataclass(slots=True)
class _Reader:
    """Reads each repository, branch and file once."""

    clients: ProductClients
    agreed_to: str = ""
    tips: dict[tuple[str, str | None], str] = field(default_factory=dict)
    files: dict[tuple[str, str], dict[str, ProductFile]] = field(default_factory=dict)

    def tip(self, repository: str, branch: str | None) -> str:
        key = (repository.lower(), branch)
        if key not in self.tips:
            tip = ProductFiles(self.clients(repository), repository).tip(branch)
            if tip.repository.lower() != repository.lower():
                raise NotFoundError(f"{repository} is called {tip.repository} now; correct it in the register")
            self.tips[key] = tip.commit
        return self.tips[key]

    def content(self, repository: str, commit: str, paths: Iterable[str]) -> Mapping[str, ProductFile]:
        known = self.files.setdefault((repository.lower(), commit), {})
        wanted = (*paths, *([CONSENT] if self.agreed_to else []))
        missing = [path for path in wanted if path not in known]
        if missing:
            known |= ProductFiles(self.clients(repository), repository).at(commit, missing)
        if self.agreed_to and not _agrees(known[CONSENT], self.agreed_to):
            raise NotAllowedError(f"its {CONSENT} does not list {self.agreed_to} under 'frameworks'")
        return known


def _agrees(file: ProductFile, framework: str) -> bool:
    """Whether a product lets this framework read what it declares."""
    try:
        named = read_document(CONSENT, file.data or b"").value_at("/frameworks").data
    except UnreadValueError:
        return False
    return isinstance(named, list) and framework.lower() in {name.lower() for name in named if isinstance(name, str)}


def _observation(name: str, deployment: Deployment, repository: str, reader: _Reader) -> ProductObservation:
    paths = paths_in(deployment, repository)
    settings = settings_of(paths)
    parts: list[ObservedFields] = []
    commits: list[str] = []
    try:
        for branch, own in _by_branch(paths):
            commit = reader.tip(repository, branch)
            files = reader.content(repository, commit, files_of(own))
            # Two paths for one field are told by all paths of the repository.
            parts.append(_only(observe(paths, _content(files)), {path.field for path in own}))
            commits.append(commit)
    except LimitError:
        raise
    except (NotFoundError, NotAllowedError) as error:
        why = f"{repository} cannot be read: {error.message.rstrip('.')}"
        return ProductObservation(name, repository, settings, "", unread_everywhere(paths, why))
    except UpstreamError as error:
        return ProductObservation(name, repository, settings, "", ObservedFields(), unavailable=str(error))
    return ProductObservation(name, repository, settings, commits[0], _together(parts))


def _only(observed: ObservedFields, fields: set[str]) -> ObservedFields:
    """The part that is about some fields."""
    return ObservedFields(
        {field: value for field, value in observed.values.items() if field in fields},
        {field: why for field, why in observed.unread.items() if field in fields},
        {field: place for field, place in observed.places.items() if field in fields},
    )


def _together(parts: Iterable[ObservedFields]) -> ObservedFields:
    own = tuple(parts)
    return ObservedFields(
        {field: value for part in own for field, value in part.values.items()},
        {field: why for part in own for field, why in part.unread.items()},
        {field: place for part in own for field, place in part.places.items()},
    )


def _by_branch(paths: Iterable[ObservedPath]) -> Iterator[tuple[str | None, tuple[ObservedPath, ...]]]:
    declared = tuple(paths)
    for branch in dict.fromkeys(path.branch for path in declared):
        yield branch, tuple(path for path in declared if path.branch == branch)


def _content(files: Mapping[str, ProductFile]) -> Callable[[str], bytes]:
    def content(path: str) -> bytes:
        file = files.get(path, ProductFile(why="it was not read"))
        if file.data is None:
            raise UnreadValueError(file.why)
        return file.data

    return content
