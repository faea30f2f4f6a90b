"""Items as authors write them, for tests."""

from typing import Any

from assessments.domain.written_items import Written

OPTIONS = [{"id": "a", "text": "This"}, {"id": "b", "text": "That"}, {"id": "c", "text": "Neither of both"}]
QUESTION = "Which of the two timetables says that the ferry runs every day but Monday in the winter months?"
SOURCE = {"author": "A. Pilot", "title": "Ferries", "year": 1999}


def write(
    prompt: str = QUESTION, *, bank: str = "ferries", identifier: str = "", choice: str = "b", **particulars: Any
) -> Written:
    """A finished choice item."""
    return Written(
        content={"prompt": prompt, "options": OPTIONS, "many": False, "passage": None},
        key={"choices": [choice], "accepted": [], "distribution": None},
        reasons={
            "rationale": "Because it says so.",
            "sources": [SOURCE],
            "temptations": {option["id"]: "It looks right." for option in OPTIONS if option["id"] != choice},
        },
        particulars={
            "bank": bank,
            "identifier": identifier,
            "use": "test",
            "skill": "verdict",
            "difficulty": "medium",
            "tags": ["winter"],
            "provenance": None,
            "attribution": None,
            **particulars,
        },
    )
