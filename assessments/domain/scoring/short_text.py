"""Scores short texts by the accepted texts that they match."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.short_text import (
    LONGEST,
    AcceptedText,
    ShortTextContent,
    ShortTextKey,
    ShortTextResponse,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, exact, weigh
from assessments.domain.spelling import SHORTEST_FORGIVEN, count_letters, normal_form, typing_errors


def score(content: ShortTextContent, key: ShortTextKey, response: ShortTextResponse) -> ItemScore:
    """Return the points of the accepted text that the answer is the same as; of several, the most; of none, 0.

    Texts are the same whatever their spaces, the punctuation at their ends, their kinds of quote and dash, and, unless
    the item says otherwise, their capital letters. Accents count.

    Where the item forgives typing errors and no accepted text is the same, the answer counts as an accepted text from
    which it differs by no more of them: letters that are wrong, missing, too many, or swapped with their neighbour.
    Texts of fewer than four letters are not forgiven any, because there one letter makes another word.

    Source: kinds of typing errors, Damerau (1964), Communications of the ACM 7(3), 171-176,
    doi:10.1145/363958.363994.
    """
    same = [answer.points for answer in key.answers if _errors(response, answer, key) == 0]
    near = [answer.points for answer in key.answers if _errors(response, answer, key) <= key.typos]
    points = max(map(exact, same or near), default=Fraction(0))
    return weigh(Part("text", points, Fraction(1)))


def full_response(content: ShortTextContent, key: ShortTextKey) -> ShortTextResponse:
    """Return a response that earns full score: the first text that does."""
    return ShortTextResponse(text=next(answer.text for answer in key.answers if answer.points == 1))


def key_with(content: ShortTextContent, response: ShortTextResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose first full answer is this response; its other answers stay behind it."""
    answers = list(key.get("answers") or ())
    first = next((answer for answer in answers if answer.get("points", 1) == 1), None)
    if first and first.get("text") == response.text:
        return dict(key)
    others = [answer for answer in answers if answer.get("text") != response.text]
    return {**key, "answers": [{"text": response.text, "points": 1.0}, *others]}


def wrong_answers(content: ShortTextContent, key: ShortTextKey) -> None:
    """There is no end of wrong texts."""


def simple_strategies(content: ShortTextContent) -> dict[str, ShortTextResponse]:
    """Return what someone would type who has not understood the question, by name of the strategy."""
    words = normal_form(content.prompt, is_case_sensitive=True).split()
    passage = normal_form(content.passage or "", is_case_sensitive=True).split()
    texts = {
        "nothing": "",
        "the longest word of the question": max(words, key=len),
        "the longest word of the passage": max(passage, key=len, default=""),
        "the last word of the question": words[-1],
    }
    return {name: ShortTextResponse(text=text[:LONGEST]) for name, text in texts.items()}


def _errors(response: ShortTextResponse, answer: AcceptedText, key: ShortTextKey) -> int:
    """How many typing errors lie between two texts; more than are ever forgiven where they may not differ."""
    typed = normal_form(response.text, is_case_sensitive=key.is_case_sensitive)
    meant = normal_form(answer.text, is_case_sensitive=key.is_case_sensitive)
    if min(count_letters(typed), count_letters(meant)) < SHORTEST_FORGIVEN:
        return 0 if typed == meant else key.typos + 1
    return typing_errors(typed, meant, key.typos)


TYPE = ItemType(
    name="short-text",
    title="Short text",
    task="Type a word or a few.",
    content=ShortTextContent,
    key=ShortTextKey,
    response=ShortTextResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "“Not verifiable” is right and “open” earns half; one typing error is forgiven",
            ShortTextContent(prompt="What do you call a claim on which the evidence is silent?"),
            ShortTextKey(answers=(AcceptedText(text="not verifiable"), AcceptedText(text="open", points=0.5)), typos=1),
            ShortTextResponse(text="  Not verifable. "),
        ),
    ),
)
