"""The published page of webhooks says what the code does: each type with its example, and the waits."""

import json
import re

from lms.webhooks.event_types import event_types_of
from tests.lms.webhook_examples import PAGE, written


def test_the_page_is_what_the_code_would_write(app):
    assert PAGE.read_text() == written(PAGE.read_text(), event_types_of(app)), (
        "run `.venv/bin/python -m tests.lms.webhook_examples`"
    )


def test_every_example_is_json_of_its_type(app):
    examples = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)]

    assert [each["type"] for each in examples] == [each.name for each in event_types_of(app)]
    assert all(set(each) == {"type", "timestamp", "data"} and "subject" in each["data"] for each in examples)
