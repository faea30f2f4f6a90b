"""The registry of item types: each one's schemas, and the pure functions that work on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assessments.domain.schemas import choice, claim_verdict, rubric_score, span_highlight
from assessments.domain.schemas.base import Content, InvalidResponse, Key, Response
from assessments.domain.schemas.faults import describe_fault
from assessments.domain.scores import ItemScore
from assessments.domain.scoring import choice as choice_scoring
from assessments.domain.scoring import claim_verdict as claim_verdict_scoring
from assessments.domain.scoring import rubric_score as rubric_score_scoring
from assessments.domain.scoring import span_highlight as span_highlight_scoring


class UnknownItemType(ValueError):
    """No item type has this name; the message says which there are."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """All that is known about one type of item.

    `Any` stands where the functions take the content, key and response of their own type.
    """

    name: str
    title: str
    content: type[Content]
    key: type[Key]
    response: type[Response]
    check_key: Callable[[Any, Any], None]
    check_response: Callable[[Any, Any], None]
    score: Callable[[Any, Any, Any], ItemScore]
    full_response: Callable[[Any, Any], Response]
    simple_strategies: Callable[[Any], dict[str, Any]]


ITEM_TYPES: dict[str, ItemType] = {
    kind.name: kind
    for kind in (
        ItemType(
            name="choice",
            title="Choice",
            content=choice.ChoiceContent,
            key=choice.ChoiceKey,
            response=choice.ChoiceResponse,
            check_key=choice.check_key,
            check_response=choice.check_response,
            score=choice_scoring.score,
            full_response=choice_scoring.full_response,
            simple_strategies=choice_scoring.simple_strategies,
        ),
        ItemType(
            name="claim-verdict",
            title="Claim verdict",
            content=claim_verdict.ClaimVerdictContent,
            key=claim_verdict.ClaimVerdictKey,
            response=claim_verdict.ClaimVerdictResponse,
            check_key=claim_verdict.check_key,
            check_response=claim_verdict.check_response,
            score=claim_verdict_scoring.score,
            full_response=claim_verdict_scoring.full_response,
            simple_strategies=claim_verdict_scoring.simple_strategies,
        ),
        ItemType(
            name="span-highlight",
            title="Span highlight",
            content=span_highlight.SpanHighlightContent,
            key=span_highlight.SpanHighlightKey,
            response=span_highlight.SpanHighlightResponse,
            check_key=span_highlight.check_key,
            check_response=span_highlight.check_response,
            score=span_highlight_scoring.score,
            full_response=span_highlight_scoring.full_response,
            simple_strategies=span_highlight_scoring.simple_strategies,
        ),
        ItemType(
            name="rubric-score",
            title="Rubric score",
            content=rubric_score.RubricScoreContent,
            key=rubric_score.RubricScoreKey,
            response=rubric_score.RubricScoreResponse,
            check_key=rubric_score.check_key,
            check_response=rubric_score.check_response,
            score=rubric_score_scoring.score,
            full_response=rubric_score_scoring.full_response,
            simple_strategies=rubric_score_scoring.simple_strategies,
        ),
    )
}


def item_type(name: str) -> ItemType:
    """Return the item type of this name; raise UnknownItemType when there is none."""
    if name not in ITEM_TYPES:
        raise UnknownItemType(f"unknown item type; the types are {', '.join(ITEM_TYPES)}")
    return ITEM_TYPES[name]


def parse_response(name: str, content: Content, raw: object) -> Response:
    """Return what came from outside as a response that fits this content of the named type.

    Raises InvalidResponse with one sentence that says what was wrong and what was expected.
    """
    kind = item_type(name)
    try:
        response = kind.response.model_validate(raw)
    except ValidationError as fault:
        raise InvalidResponse(describe_fault(fault, kind.response)) from fault
    kind.check_response(content, response)
    return response
