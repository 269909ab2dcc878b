"""The incident-rate alarm of a re-assessment in its issue: a picture, the counts as a sentence, and a table."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.incident_rates.figures import stated_specs
from reassay.assessment.incident_rates.pictures import about_watch, watch_picture
from reassay.common.calendar import day_words
from reassay.common.inert import Markdown, inert
from reassay.common.sentences import number_words
from reassay.github.branch_files import DASHBOARD_BRANCH
from reassay.ledger.history import Reassessment
from reassay.register.assessable import Assessable
from reassay.signals.replay.lines import RateDay
from reassay.signals.views.rate_picture import SETTLED, RatePicture, alternative_text

PICTURES_FOLDER: Final = "pictures"
_DRAWN_AS: Final = 1
"""Raise it when the drawing changes: every picture is then drawn again."""
_MOST_ROWS: Final = 13
KIND: Final = "incident-rate"


@dataclass(frozen=True, slots=True)
class RateFigure:
    """What the issue of one re-assessment shows of its incident rate."""

    reassessment: str
    picture: RatePicture

    @property
    def path(self) -> str:
        """Its file. The name holds a digest of what is drawn: a file of that name needs no writing."""
        return f"{PICTURES_FOLDER}/{self.reassessment}-{_digest(self.picture)}.svg"

    @property
    def sentence(self) -> str:
        """The counts of the last day, and the alarms."""
        return alternative_text(self.picture)

    @property
    def settled(self) -> str:
        """A sentence: recent days are not settled."""
        return SETTLED

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """Day, incidents so far, accepted by then, and the count at which it fires, for the ends of the last months."""
        return tuple(
            (
                day_words(own.day, year=True),
                Markdown(number_words(own.incidents)),
                Markdown("" if own.accepted is None else number_words(own.accepted)),
                Markdown(number_words(own.fires_at)),
            )
            for own in _last_of_months(self.picture.days)[-_MOST_ROWS:]
        )

    def image(self, repository_url: str) -> Markdown:
        """The picture as Markdown, with its text for people who do not see it."""
        return Markdown(f"![{inert(self.sentence)}]({repository_url}/raw/{DASHBOARD_BRANCH}/{self.path})")


def rate_figure(
    reassessment: Reassessment, subject: Assessable | None, assessment_input: AssessmentInput
) -> RateFigure | None:
    """The figure of an open re-assessment that an incident rate started; None for any other, or where the rate is not known."""
    if subject is None or reassessment.state != "open":
        return None
    for trigger in reassessment.triggers:
        specs = stated_specs(subject, assessment_input.register) if trigger.kind == KIND else ()
        for spec in (own for own in specs if about_watch(trigger.about, own)):
            for cell in trigger.cells:
                facts = trigger_input(subject, cell, assessment_input)
                picture = watch_picture(spec, facts, subject.title, reassessment.opened.opened_on)
                if picture is not None:
                    return RateFigure(reassessment.id, picture)
    return None


def _digest(picture: RatePicture) -> str:
    content = json.dumps([_DRAWN_AS, asdict(picture)], default=date.isoformat, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _last_of_months(days: tuple[RateDay, ...]) -> list[RateDay]:
    last: dict[tuple[int, int], RateDay] = {}
    for own in days:
        last[own.day.year, own.day.month] = own
    return list(last.values())
