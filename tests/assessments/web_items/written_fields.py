"""What a form with a written text sends, as a browser without scripts does."""

from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import Content, Response
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.web_items.shown_items import PREFIX
from tests.assessments.web_items.test_item_templates import Fields


class WrittenFields(Fields):
    """Fields with textareas: the first line end is no part of the text, and others are sent as two signs."""

    def __init__(self, html: str) -> None:
        self.name: str | None = None
        self.text = ""
        super().__init__(html)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        super().handle_starttag(tag, attributes)
        if tag == "textarea" and not self.is_off:
            self.name, self.text = dict(attributes).get("name"), ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.name:
            text = self.text.removeprefix("\n").replace("\n", "\r\n")
            self.sent.append((self.name, text))
            self.name = None


def written_by(html: str) -> MultiDict[str, str]:
    """What a browser without scripts would send."""
    return MultiDict(WrittenFields(html).sent)


def read_written(name: str, content: Content, html: str) -> Response:
    """The response that the shown form states."""
    return parse_response(name, content, ITEM_VIEWS[name].read_form(content, written_by(html), PREFIX))
