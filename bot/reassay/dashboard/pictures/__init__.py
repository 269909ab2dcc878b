"""Pictures of a dashboard as inert SVG, and their texts for people who do not see them (docs/decisions/0063).

Nothing here imports Matplotlib before a picture is drawn.
"""

from reassay.common.drawing_errors import drawing_errors
from reassay.dashboard.pictures.picture_texts import picture_names as picture_names
from reassay.dashboard.pictures.picture_texts import picture_text as picture_text
from reassay.dashboard.values import Dashboard


def picture(dashboard: Dashboard, name: str) -> bytes:
    """The picture as an SVG document in UTF-8: the same bytes for the same values.

    Raises UsageError, which names the extra `pictures`, without Matplotlib; ReassayError for what cannot be drawn; KeyError for
    a name that is none of `picture_names`.
    """
    text = picture_text(dashboard, name)
    with drawing_errors():
        from reassay.dashboard.pictures.drawings import draw

        return draw(dashboard, name, text)
