"""Which mitigations a change can reach: of ten thousand, few have to be parsed to judge three.

Only a file that holds one mitigation, plainly written and the same on both sides, may stay unread. It is read after all
where it names a deployment or threat model that changed, shares a threat model with what is concerned, or is named by
anything that is read. In doubt everything is read: nothing here decides what a verdict says, only what is parsed for it,
and tests hold both readings against each other.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from reassay.register.commitment import Commitment
from reassay.register.deployment import Deployment
from reassay.register.files.aside import Aside
from reassay.register.files.tree import File
from reassay.register.mentions import SUBJECT, mentions
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.register import RegisterObject
from reassay.register.threat_model import ThreatModel

WORTH_IT: Final = 400
"""Fewer unread files than this are all read."""
MOST_WORDS: Final = 100
"""More names than this are not searched for: then everything is read."""
NAMED: Final = (Deployment, ThreatModel)
"""What a mitigation can name. Looking for anything else in the text of one could find prose only."""
_RINGS: Final = 2
"""What shares a threat model with what is touched is judged as well, and looks at what shares its own."""
Objects = Iterable[RegisterObject]
Parse = Callable[[Sequence[File]], Objects]


def reached(changed: Sequence[RegisterObject], read: Objects, aside: Aside, parse: Parse) -> frozenset[str] | None:
    """Paths among `aside` that have to be read; None for all of them.

    `changed` are the objects that differ, of both sides; `read` are all that were read already, those among them.
    """
    if any(isinstance(each, Commitment | Model) for each in changed):
        return None
    words = frozenset(each.id for each in changed if isinstance(each, NAMED))
    found = _named_by(changed, aside)
    if any(isinstance(each, Deployment) for each in changed):
        found |= aside.serving_all()
    concerned: Objects = changed
    searched: frozenset[str] = frozenset()
    for ring in range(_RINGS + 1):
        new = words if ring == 0 else _threats(concerned) - searched
        searched |= new
        if len(searched) > MOST_WORDS:
            return None
        more = (found if ring == 0 else set()) | (aside.naming(new) - found)
        found |= more
        concerned = [*concerned, *parse([aside.file(path) for path in sorted(more)])]
    return frozenset(found | _named_by(read, aside))


def _names(each: RegisterObject) -> tuple[str, ...]:
    return (each.id, *getattr(each, "formerly", ()))


def _named_by(read: Objects, aside: Aside) -> set[str]:
    """Paths of what is named by objects that are read, or called as one of them: that would be something to be said."""
    names = {name for each in read for _, kind, name in mentions(each) if kind in {"mitigation", SUBJECT}}
    names |= {name for each in read if isinstance(each, Mitigation) for name in _names(each)}
    return {aside.ids[name] for name in names if name in aside.ids}


def _threats(objects: Objects) -> frozenset[str]:
    return frozenset(name for each in objects if isinstance(each, Mitigation) for name in each.threat_models)
