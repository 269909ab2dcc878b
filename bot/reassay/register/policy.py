"""The policy in force, as a digest: configuration with its defaults, roles, and the standard checklists.

It is separate from what is signed: changing a default voids no signature, and is recorded as a change of its own.
"""

from reassay.assessment.checklists import as_data, every_item
from reassay.register.c14n import content_digest
from reassay.register.configuration import Configuration


def policy_digest(configuration: Configuration) -> str:
    """`c14n/1:...` of all that decides who may do what, and what is asked."""
    written = configuration.model_dump(mode="json", by_alias=True, exclude_none=True)
    return content_digest({"configuration": written, "checklists": as_data(every_item())})
