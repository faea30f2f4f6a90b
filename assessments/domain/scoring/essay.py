"""Scores essays: markers give all of the points."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.essay import LONGEST, EssayContent, EssayKey, EssayResponse, check_key, check_response
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.scores import ItemScore, nothing, weigh

MARKING = {"marking": Fraction(1)}


def score(content: EssayContent, key: EssayKey, response: EssayResponse) -> ItemScore:
    """Return nothing before a marker has judged the text; all of the points are the marker's to give.

    A marker gives the text a level on each criterion of the rubric. On a scale of k levels a level earns
    (level - 1) / (k - 1): the lowest 0, the highest 1. The points are the mean over the criteria; where several
    markers judge a text, the mean over the markers.

    A text in which nothing is written waits for nobody and earns 0.

    The rule is ours.
    """
    if not response.text.strip():
        return nothing(MARKING)
    return weigh(waiting=MARKING)


def full_response(content: EssayContent, key: EssayKey) -> EssayResponse:
    """Return the exemplary text, to which a marker would give full points."""
    return EssayResponse(text=key.exemplar)


def key_with(content: EssayContent, response: EssayResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose exemplary text is this response."""
    return {**key, "exemplar": response.text}


def wrong_answers(content: EssayContent, key: EssayKey) -> None:
    """There is no end of texts."""


def simple_strategies(content: EssayContent) -> dict[str, EssayResponse]:
    """Return the texts of someone who has nothing to say, by name of the strategy. Without a marker all earn 0."""
    given = {"the question": content.prompt, "the reference": content.reference or content.prompt}
    copies = {f"copy {name}": EssayResponse(text=text[:LONGEST]) for name, text in given.items()}
    return {"write nothing": EssayResponse(), **copies}


_LEVELS = ("Nothing of it is true of the text.", "Some of it is.", "All of it is.")
_ESSAY = EssayContent(
    prompt="Explain to a new colleague why two raters should not look at each other’s ratings first.",
    most_words=80,
    criteria=tuple(
        Criterion(
            id=name.lower(),
            title=name,
            question=question,
            levels=tuple(Level(level=number, descriptor=text) for number, text in enumerate(_LEVELS, start=1)),
        )
        for name, question in (
            ("Reason", "It says what is lost when ratings depend on each other."),
            ("Plainness", "A new colleague understands every sentence."),
        )
    ),
)
TYPE = ItemType(
    name="essay",
    title="Essay",
    task="Write a text that markers judge by a rubric.",
    content=EssayContent,
    key=EssayKey,
    response=EssayResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "A text that waits; were a marker to give level 3 for Reason and 2 for Plainness, it would earn 3/4",
            _ESSAY,
            EssayKey(
                exemplar="Who has seen another’s rating leans towards it. Then two ratings that agree tell us no more "
                "than one, and we could not say any longer how clear the guideline is."
            ),
            EssayResponse(text="If you see my rating first, yours is partly mine, and our agreement proves nothing."),
        ),
    ),
)
