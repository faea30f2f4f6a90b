"""Feedback on an essay: none that a program could give, but an exemplary text and the rubric to judge oneself by."""

from flask_babel import gettext as _

from assessments.domain.schemas.essay import EssayContent, EssayKey, EssayResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.views.written_text import count_words


def feedback(content: EssayContent, key: EssayKey, response: EssayResponse, score: ItemScore) -> dict[str, object]:
    """Return whether anything `is_written`, and its number of `words`."""
    return {"is_written": bool(response.text.strip()), "words": count_words(response.text)}


def explain(content: EssayContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in a sentence what the markers gave; their rubric stands in the item."""
    (part,) = parts
    return [_("%(points)s of 1 by the markers’ rubric", points=f"{int(part.points * 100) / 100:.2f}")]
