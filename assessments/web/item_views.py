"""The registry of item views: how each item type is shown, read from a form, and explained after a practice try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.scores import ItemScore
from assessments.web.feedback import choice as choice_feedback
from assessments.web.feedback import claim_verdict as claim_verdict_feedback
from assessments.web.feedback import rubric_score as rubric_score_feedback
from assessments.web.feedback import span_highlight as span_highlight_feedback
from assessments.web.views import choice, claim_verdict, rubric_score, span_highlight


@dataclass(frozen=True, slots=True)
class ItemView:
    """All that a page knows about one type of item.

    `Any` stands where the functions take the content, key and response of their own type. `context` takes
    a response, or the raw data of one that was refused, so that nothing typed is lost. Only `feedback`,
    which is for practice after a try, takes the key.
    """

    name: str
    template: str
    feedback_template: str
    read_form: Callable[[Any, MultiDict[str, str], str], dict[str, object]]
    is_answered: Callable[[Any], bool]
    context: Callable[[Any, Any], dict[str, object]]
    feedback: Callable[[Any, Any, Any, ItemScore], dict[str, object]]


ITEM_VIEWS: dict[str, ItemView] = {
    view.name: view
    for view in (
        ItemView(
            name="choice",
            template="assessments/items/choice.html",
            feedback_template="assessments/items/choice_feedback.html",
            read_form=choice.read_form,
            is_answered=choice.is_answered,
            context=choice.context,
            feedback=choice_feedback.feedback,
        ),
        ItemView(
            name="claim-verdict",
            template="assessments/items/claim_verdict.html",
            feedback_template="assessments/items/claim_verdict_feedback.html",
            read_form=claim_verdict.read_form,
            is_answered=claim_verdict.is_answered,
            context=claim_verdict.context,
            feedback=claim_verdict_feedback.feedback,
        ),
        ItemView(
            name="span-highlight",
            template="assessments/items/span_highlight.html",
            feedback_template="assessments/items/span_highlight_feedback.html",
            read_form=span_highlight.read_form,
            is_answered=span_highlight.is_answered,
            context=span_highlight.context,
            feedback=span_highlight_feedback.feedback,
        ),
        ItemView(
            name="rubric-score",
            template="assessments/items/rubric_score.html",
            feedback_template="assessments/items/rubric_score_feedback.html",
            read_form=rubric_score.read_form,
            is_answered=rubric_score.is_answered,
            context=rubric_score.context,
            feedback=rubric_score_feedback.feedback,
        ),
    )
}
