"""Items of all four types, in several scripts, with keys to give feedback by."""

from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey
from assessments.domain.schemas.claim_verdict import ClaimVerdictContent, ClaimVerdictKey
from assessments.domain.schemas.rubric_score import RubricScoreContent, RubricScoreKey
from assessments.domain.schemas.span_highlight import SpanHighlightContent, SpanHighlightKey

CHOICE = ChoiceContent.model_validate(
    {
        "passage": "The mill was built in 1820 and burned down in 1891.",
        "prompt": "Which list splits the sentence into claims that can each be checked alone?",
        "options": [
            {"id": "a", "text": "The mill was built in 1820 and burned down in 1891."},
            {"id": "b", "text": "The mill was built in 1820.\nThe mill burned down in 1891."},
            {"id": "c", "text": "A mill existed."},
        ],
    }
)
CHOICE_KEY = ChoiceKey.model_validate({"choices": ["b"]})

MANY = ChoiceContent.model_validate({**CHOICE.model_dump(), "passage": None, "many": True})
MANY_KEY = ChoiceKey.model_validate({"choices": ["a", "b"]})

CLAIM = ClaimVerdictContent.model_validate(
    {
        "claim": "The bridge was opened to traffic in 1937.",
        "context": "The bridge, opened to traffic in 1937, carries six lanes.",
        "evidence_title": "Extract from the bridge district’s annual report",
        "evidence": [
            "Work on the towers began in the winter of 1933.",
            "Pedestrians crossed first; cars followed in May 1938.",
            "Tolls were collected in both directions.",
        ],
    }
)
CLAIM_KEY = ClaimVerdictKey.model_validate({"label": "contradicted", "evidence": [2]})

CATEGORIES = [
    {"id": "wrong-number", "title": "Wrong number or date", "rule": "A quantity or a date differs from the source."},
    {"id": "wrong-entity", "title": "Wrong person, place or thing", "rule": "A name stands where another belongs."},
    {"id": "made-up", "title": "Not in the source", "rule": "The source says nothing of the kind."},
]


def span_content(text: str, reference: str | None = None) -> SpanHighlightContent:
    return SpanHighlightContent.model_validate(
        {
            "prompt": "Mark every stretch of the answer that the source does not bear out.",
            "reference_title": "Source" if reference else None,
            "reference": reference,
            "text": text,
            "categories": CATEGORIES,
        }
    )


ENGLISH = span_content(
    "The observatory opened in Vienna in 1921, and its dome weighs 12 tonnes.\n\n"
    "Visitors may look through the large telescope on clear nights.",
    "The observatory in Graz opened in 1912. Its dome weighs 12 tonnes.",
)
ENGLISH_KEY = SpanHighlightKey.model_validate(
    {
        "spans": [
            {"start": 26, "end": 32, "category": "wrong-entity"},
            {"start": 36, "end": 40, "category": "wrong-number", "critical": True},
        ]
    }
)
EMOJI = span_content("We 👩‍🔬 tested 🧪🧪 the café\u0301 in cafe\u0301-town 🇦🇹 in 1921 👍🏽 twice.")
ARABIC = span_content("افتُتح الجسر عام ١٩٣٧ في مدينة فيينا، وكلّف مليون دينار.")
CHINESE = span_content("京都是日本的古都，建于一九九四年，人口一百四十万。")
SOUND_KEY = SpanHighlightKey.model_validate({"spans": []})

RUBRIC = RubricScoreContent.model_validate(
    {
        "task": "Summarise the report in two sentences for a reader in a hurry.",
        "reference": "The report says that the harbour grew by 4 % and that the quay needs repair.",
        "response": "The harbour grew. Everything else is fine.",
        "criteria": [
            {
                "id": "faithfulness",
                "title": "Faithfulness",
                "question": "Does it say only what the report says?",
                "levels": [{"level": n, "descriptor": f"Descriptor {n} of faithfulness."} for n in range(1, 5)],
            },
            {
                "id": "completeness",
                "title": "Completeness",
                "question": "Is everything in it that the reader needs?",
                "levels": [{"level": n, "descriptor": f"Descriptor {n} of completeness."} for n in range(1, 4)],
            },
        ],
    }
)
RUBRIC_KEY = RubricScoreKey.model_validate({"levels": {"faithfulness": 2, "completeness": {1: 0.75, 2: 0.25}}})
