"""Scores the labels given to the turns of a conversation: agreement in which every label that occurs counts alike."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.parts import Category
from assessments.domain.schemas.turn_review import (
    Speaker,
    Turn,
    TurnReviewContent,
    TurnReviewKey,
    TurnReviewResponse,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import label_credit


def score(content: TurnReviewContent, key: TurnReviewKey, response: TurnReviewResponse) -> ItemScore:
    """Return the balanced agreement with the experts over the reviewed turns.

    A turn earns the share of experts behind the label given, over the largest share; without a label it earns 0.
    The turns are grouped by the label that most experts gave them (of several, the one on offer first). The points
    are the mean over these groups of the mean in each group, so that a rare label weighs as much as a frequent one.

    That is so that nothing is won by giving one label throughout: where the experts agree on each turn, any constant
    label earns no more than 1 over the number of labels that they used, however often one of them occurs. Cohen's
    kappa is not used here: over the few turns of one conversation it is unstable, and undefined where they are alike.

    Source: balanced accuracy, Brodersen et al. (2010), The Balanced Accuracy and Its Posterior Distribution,
    doi:10.1109/ICPR.2010.764.
    """
    credits = {turn: label_credit(key.shares(turn), response.labels.get(turn)) for turn in content.reviewed}
    groups = _turns_by_label(content, key)
    means = [sum((credits[turn] for turn in turns), Fraction(0)) / len(turns) for turns in groups.values()]
    counts = {
        "agreed": sum(credit == 1 for credit in credits.values()),
        "labelled": len(response.labels),
        "reviewed": len(credits),
    }
    return weigh(Part("labels", sum(means, Fraction(0)) / len(means), Fraction(1), counts))


def full_response(content: TurnReviewContent, key: TurnReviewKey) -> TurnReviewResponse:
    """Return a response that earns full score: each turn with the label that most experts gave it."""
    return TurnReviewResponse(
        labels={turn: label for label, turns in _turns_by_label(content, key).items() for turn in turns}
    )


def key_with(content: TurnReviewContent, response: TurnReviewResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; votes that are recorded for a turn stay."""
    votes = {str(turn): said for turn, said in dict(key.get("labels") or {}).items() if isinstance(said, Mapping)}
    return {**key, "labels": {**{str(turn): label for turn, label in response.labels.items()}, **votes}}


def wrong_answers(content: TurnReviewContent, key: TurnReviewKey) -> None:
    """Each turn has its own wrong labels, which are too many to list one by one."""


def simple_strategies(content: TurnReviewContent) -> dict[str, TurnReviewResponse]:
    """Return the labels of someone who has not read the conversation, by name of the strategy."""
    ids = [label.id for label in content.labels]
    strategies = {
        f"always label {number}": dict.fromkeys(content.reviewed, label) for number, label in enumerate(ids, start=1)
    }
    strategies["always the last label"] = dict.fromkeys(content.reviewed, ids[-1])
    strategies["the labels in turn"] = {turn: ids[number % len(ids)] for number, turn in enumerate(content.reviewed)}
    return {name: TurnReviewResponse(labels=labels) for name, labels in strategies.items()}


def _turns_by_label(content: TurnReviewContent, key: TurnReviewKey) -> dict[str, list[int]]:
    """The reviewed turns under the label that most experts gave each; of several, the one on offer first."""
    groups: dict[str, list[int]] = {}
    for turn in content.reviewed:
        shares = key.shares(turn)
        label = next(label.id for label in content.labels if shares.get(label.id) == max(shares.values()))
        groups.setdefault(label, []).append(turn)
    return groups


TYPE = ItemType(
    name="turn-review",
    title="Turn review",
    task="Give each turn of a conversation the label that fits it.",
    content=TurnReviewContent,
    key=TurnReviewKey,
    response=TurnReviewResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Three turns are sound and one invents; all are labelled sound, but the last one not at all",
            TurnReviewContent(
                prompt="Label each answer of the assistant.",
                turns=(
                    Turn(speaker=Speaker.USER, text="Where is the key to the shed?", is_reviewed=False),
                    Turn(speaker=Speaker.ASSISTANT, text="You told me that it hangs behind the kitchen door."),
                    Turn(speaker=Speaker.USER, text="And who has the spare one?", is_reviewed=False),
                    Turn(speaker=Speaker.ASSISTANT, text="Your neighbour Ines, as you said on Monday."),
                    Turn(speaker=Speaker.ASSISTANT, text="She is at home until six today."),
                    Turn(speaker=Speaker.ASSISTANT, text="Shall I remind you to ask her?"),
                ),
                labels=(
                    Category(id="sound", title="Sound", rule="It says only what it was told."),
                    Category(id="invented", title="Invented", rule="It states what it cannot know."),
                ),
            ),
            TurnReviewKey(labels={2: "sound", 4: "sound", 5: {"invented": 3, "sound": 1}, 6: "sound"}),
            TurnReviewResponse(labels={2: "sound", 4: "sound", 5: "sound"}),
        ),
    ),
)
