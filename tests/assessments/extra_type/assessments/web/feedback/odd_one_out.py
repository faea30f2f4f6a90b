"""Feedback on odd ones out: the word that does not belong."""

from assessments.domain.schemas.odd_one_out import OddOneOutContent, OddOneOutKey, OddOneOutResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


def feedback(
    content: OddOneOutContent, key: OddOneOutKey, response: OddOneOutResponse, score: ItemScore
) -> dict[str, object]:
    return {"verdict": verdict_of(score.points), "word": key.word}


def explain(content: OddOneOutContent, parts: tuple[Part, ...]) -> list[str]:
    return ["the odd word was found" if parts[0].points else "another word is the odd one"]
