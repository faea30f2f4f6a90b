"""The parts of docs/webhooks.md that are made from the code: `python -m tests.lms.webhook_examples` writes them."""

import json
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from lms.config import read_settings
from lms.webhooks.event_types import SHOWN_AT, EventType, event_types_of, payload_of
from lms.webhooks.schedule import WAITS
from wsgi import create_app

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"
EVENTS = ("<!-- made by tests.lms.webhook_examples; begin -->\n", "<!-- end -->")
TIMES = ("<!-- waits; begin -->\n", "<!-- end -->")


def events_in_words(types: Iterable[EventType]) -> str:
    """Each type with its sentence and an example."""
    return "\n".join(_event(each) for each in types)


def _event(kind: EventType) -> str:
    payload = payload_of(type=kind.name, happened_at=SHOWN_AT, data=kind.example.as_json())
    shown = json.dumps(json.loads(payload), indent=2)
    return f"### `{kind.name}`\n\n{kind.sentence}\n\n```json\n{shown}\n```\n"


def waits_in_words() -> str:
    """The waits of the schedule, in a line."""
    return ", ".join(_span(wait) for wait in WAITS) + ".\n"


def _span(wait: timedelta) -> str:
    for unit, name in ((timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if wait >= unit:
            return f"{wait // unit} {name}"
    return f"{wait.seconds} s"


def with_part(page: str, marks: tuple[str, str], part: str) -> str:
    """The page with this part between its marks."""
    before, begin, rest = page.partition(marks[0])
    _old, end, after = rest.partition(marks[1])
    assert begin, f"the page has lost its mark {marks[0]!r}"
    return before + begin + part + end + after


def written(page: str, types: Iterable[EventType]) -> str:
    """The page as the code would have it."""
    return with_part(with_part(page, EVENTS, events_in_words(types)), TIMES, waits_in_words())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"DATA_DIR": folder}))
        PAGE.write_text(written(PAGE.read_text(), event_types_of(app)))
