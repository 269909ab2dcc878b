"""Observed paths: where the configuration of a product says what a field of a deployment is."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from reassay.register.base import Line, Strict, refusal
from reassay.register.signal_sources import RepositoryName

ObservableField = Literal[
    "audience",
    "access",
    "modalities_in",
    "modalities_out",
    "affordances",
    "oversight",
    "model",
    "system_prompt_digest",
    "languages",
    "regions",
    "age_policy",
    "rate_limit",
    "context_tokens",
    "users",
    "rollout_percent",
    "host",
    "integrations",
    "domain",
]
"""Fields of a deployment that are one value or a list of values; the others are agreements and names of this register."""
FORMATS: Final = (".yaml", ".yml", ".json", ".toml")
"""Endings of files that can be read."""
_PLACE: Final = r"^[^/#\x00-\x1f\x7f][^#\x00-\x1f\x7f]*\.(yaml|yml|json|toml)(#(/([^/~\x00-\x1f\x7f]|~[01])*)*)?$"
_PLACE_PATTERN: Final = re.compile(_PLACE)
_LONGEST: Final = 400
_EXAMPLE: Final = "write for example 'app/config.yaml#/inputs'"


def _checked_place(text: str) -> str:
    if len(text) > _LONGEST:
        raise refusal("not-a-place", f"this path has more than {_LONGEST} characters; {_EXAMPLE}")
    if _PLACE_PATTERN.fullmatch(text):
        return text
    file, mark, pointer = text.partition("#")
    if not file.endswith(FORMATS):
        raise refusal("not-a-place", f"the file is not {', '.join(FORMATS[:-1])} or {FORMATS[-1]}; {_EXAMPLE}")
    if mark and not pointer.startswith("/"):
        raise refusal("not-a-place", f"what follows '#' is a JSON pointer and begins with '/'; {_EXAMPLE}")
    in_pointer = "a '~' of a JSON pointer is '~0' and a '/' inside a key is '~1'"
    why = in_pointer if mark else "it begins with the name of a folder or file"
    raise refusal("not-a-place", f"{why}; {_EXAMPLE}")


ObservedPlace = Annotated[
    str,
    AfterValidator(_checked_place),
    WithJsonSchema({
        "type": "string",
        "pattern": _PLACE,
        "maxLength": _LONGEST,
        "description": "A YAML, JSON or TOML file, `#`, and a JSON pointer (RFC 6901) in it.",
        "examples": ["app/config.yaml#/inputs"],
    }),
]  # fmt: skip


class ObservedPath(Strict):
    """A place in a product repository that says what a field of the deployment is."""

    repository: RepositoryName
    """`owner/name` of the product repository, on the same GitHub."""
    branch: Line | None = None
    """Its branch; the default branch if left out."""
    path: ObservedPlace
    """File and JSON pointer (RFC 6901), for example `app/config.yaml#/inputs`. The file's ending says its format."""
    field: ObservableField
    """Field of this deployment that it says."""
    values: Annotated[dict[Line, Line], Field(max_length=200)] = Field(default_factory=dict)
    """Words of the product -> words of this register, for example `{img: image}`. Other words stay as they are."""

    @property
    def file(self) -> str:
        """Path of the file."""
        return self.path.partition("#")[0]

    @property
    def pointer(self) -> str:
        """The JSON pointer; empty for the whole document."""
        return self.path.partition("#")[2]
