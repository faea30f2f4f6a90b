"""Scores pairwise preferences: which response is better, by how much, and for which reasons."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.pairwise_preference import (
    PairwisePreferenceContent,
    PairwisePreferenceKey,
    PairwisePreferenceResponse,
    Preference,
    Strength,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part, nothing, weigh
from assessments.domain.scoring.credit import label_credit

WEIGHTS = {"preference": 6, "strength": 2, "reasons": 2}  # in proportion, of the parts that the key states


def score(
    content: PairwisePreferenceContent, key: PairwisePreferenceKey, response: PairwisePreferenceResponse
) -> ItemScore:
    """Return 6/10 preference + 2/10 strength + 2/10 reasons; without a preference, nothing.

    Parts that the experts did not state fall away, and the others keep their proportion: without reasons it is
    3/4 preference + 1/4 strength. When the experts find the responses equal, the preference is all.

    - Preference: the share of experts behind it, over the largest share.
    - Strength (slightly, clearly, much): the share of experts behind it, over the largest share. On a scale of three
      a neighbour is half the scale away and earns nothing of its own, so that the middle is no safe guess.
    - Reasons: max(0, hits/|K| - false/|not K|), the share of the reasons that hold which are ticked, less the share
      of the others which are. So both ticking none and ticking all earn 0.

    Strength and reasons are multiplied by the credit of the preference, because they are about it: for a preference
    that no expert shares they earn nothing. Whoever answers that the responses are equal states neither.

    Source: reasons by the index J = sensitivity + specificity - 1 of Youden (1950), Cancer 3(1), 32-35,
    doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3. The weights 6, 2 and 2 are ours.
    """
    weights = _weights(key)
    if response.preference is None:
        return nothing(weights)
    credit = label_credit(key.shares, response.preference)
    parts = {"preference": Part("preference", credit, weights["preference"])}
    if "strength" in weights:
        strength = credit * label_credit(key.strength_shares, response.strength)
        stated = {"stated": int(response.strength is not None)} if _is_asked_more(response) else {}
        parts["strength"] = Part("strength", strength, weights["strength"], stated)
    if "reasons" in weights:
        parts["reasons"] = _reasons_part(content, key, response, credit, weights["reasons"])
    return weigh(*parts.values())


def full_response(content: PairwisePreferenceContent, key: PairwisePreferenceKey) -> PairwisePreferenceResponse:
    """Return a response that earns full score: its strength is the first that most experts share."""
    shares = key.strength_shares
    strength = max(shares, key=shares.__getitem__) if shares else None
    return PairwisePreferenceResponse(preference=key.preference, strength=strength, reasons=key.reasons)


def key_with(
    content: PairwisePreferenceContent, response: PairwisePreferenceResponse, key: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the raw key whose answer is this response; votes that are recorded for the strength stay."""
    stated = response.model_dump(mode="json")
    if isinstance(key.get("strength"), Mapping) and response.preference is not Preference.EQUAL:
        stated["strength"] = key["strength"]
    return {**key, **stated}


def wrong_answers(content: PairwisePreferenceContent, key: PairwisePreferenceKey) -> list[str]:
    """Return the preferences on offer that no expert shares."""
    offered = [choice for choice in Preference if choice is not Preference.EQUAL or content.may_be_equal]
    return [preference.value for preference in offered if preference not in key.shares]


def simple_strategies(content: PairwisePreferenceContent) -> dict[str, PairwisePreferenceResponse]:
    """Return the responses of someone who has not read what is compared, by name of the strategy."""
    longer = Preference.A if len(content.response_a) >= len(content.response_b) else Preference.B
    shorter = Preference.B if longer is Preference.A else Preference.A
    sides = {"A": Preference.A, "B": Preference.B, "the longer": longer, "the shorter": shorter}
    ids = [reason.id for reason in content.reasons]
    ticks = {"the first reason": frozenset(ids[:1]), "every reason": frozenset(ids)}
    strategies = {
        f"always {side}, {strength} better, {ticked}": PairwisePreferenceResponse(
            preference=preference, strength=strength if content.asks_strength else None, reasons=reasons
        )
        for side, preference in sides.items()
        for strength in Strength
        for ticked, reasons in ticks.items()
    }
    if content.may_be_equal:
        strategies["always equal"] = PairwisePreferenceResponse(preference=Preference.EQUAL)
    return strategies


def _weights(key: PairwisePreferenceKey) -> dict[str, Fraction]:
    is_stated = {"preference": True, "strength": key.strength is not None, "reasons": bool(key.reasons)}
    total = sum(WEIGHTS[part] for part, stated in is_stated.items() if stated)
    return {part: Fraction(WEIGHTS[part], total) for part, stated in is_stated.items() if stated}


def _is_asked_more(response: PairwisePreferenceResponse) -> bool:
    return response.preference is not Preference.EQUAL


def _reasons_part(
    content: PairwisePreferenceContent,
    key: PairwisePreferenceKey,
    response: PairwisePreferenceResponse,
    credit: Fraction,
    weight: Fraction,
) -> Part:
    found, extra = len(response.reasons & key.reasons), len(response.reasons - key.reasons)
    agreement = Fraction(found, len(key.reasons)) - Fraction(extra, len(content.reasons) - len(key.reasons))
    counts = {"found": found, "right": len(key.reasons), "extra": extra} if _is_asked_more(response) else {}
    return Part("reasons", credit * max(Fraction(0), agreement), weight, counts)


_PAIR = PairwisePreferenceContent(
    task="When does the museum open on Sundays? The notice says: “Sundays from ten, last entry at four.”",
    response_a="At ten. Come before four: after that nobody is let in.",
    response_b="The museum is a lovely place for a Sunday, and its café bakes its own cake.",
    reasons=(
        Category(id="answers", title="It answers the question", rule="What was asked for is in it."),
        Category(id="faithful", title="It keeps to the notice", rule="It claims nothing that the notice lacks."),
        Category(id="friendlier", title="It is friendlier", rule="It greets or wishes well where the other does not."),
        Category(id="shorter", title="It is shorter", rule="It says the same in fewer words."),
    ),
)
_PAIR_KEY = PairwisePreferenceKey(
    preference=Preference.A,
    votes={Preference.A: 4, Preference.EQUAL: 1},
    strength={Strength.CLEARLY: 1, Strength.MUCH: 3},
    reasons=frozenset({"answers", "faithful"}),
)
TYPE = ItemType(
    name="pairwise-preference",
    title="Pairwise preference",
    task="Say which of two responses is better, by how much, and for which reasons.",
    content=PairwisePreferenceContent,
    key=PairwisePreferenceKey,
    response=PairwisePreferenceResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "The preference fits, the strength is a step too weak, and both reasons are found with a wrong one",
            _PAIR,
            _PAIR_KEY,
            PairwisePreferenceResponse(
                preference=Preference.A,
                strength=Strength.CLEARLY,
                reasons=frozenset({"answers", "faithful", "shorter"}),
            ),
        ),
        WorkedExample(
            "One expert of five finds them equal, and so does the answer",
            _PAIR,
            _PAIR_KEY,
            PairwisePreferenceResponse(preference=Preference.EQUAL),
        ),
    ),
)
