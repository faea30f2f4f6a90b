"""What a browser without scripts would send of a form, and a click on one of its buttons."""

from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import MultiDict


class PostedForm(HTMLParser):
    """The successful controls of a page, in order, as the HTML standard has them sent; outside a form if told."""

    def __init__(self, html: str, form_id: str | None = None) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.autofocused: list[str] = []
        self._form_id, self._is_inside = form_id, form_id is None
        self._disabled: list[bool] = []
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(html)

    @property
    def form(self) -> MultiDict[str, str]:
        return MultiDict(self.sent)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts: dict[str, Any] = dict(attributes)
        if tag == "form" and self._form_id:
            self._is_inside = facts.get("id") == self._form_id
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag == "label" and "for" in facts:
            self.labels.add(facts["for"])
        if "autofocus" in facts:
            self.autofocused.append(facts.get("name", ""))
        if tag == "fieldset":
            self._disabled.append("disabled" in facts)
        if tag == "option" and self._select:
            self._select[1].append((facts.get("value", ""), "selected" in facts))
        if not facts.get("name") or "disabled" in facts or any(self._disabled) or not self._is_inside:
            return
        if tag == "textarea":
            self._area = (facts["name"], [])
        elif tag == "select":
            self._select = (facts["name"], [])
        elif tag == "input" and (facts.get("type") not in ("checkbox", "radio") or "checked" in facts):
            value = facts.get("value", "on") or ""
            is_line = facts.get("type", "text") in ("text", "search", "email", "url")
            self.sent.append((facts["name"], value.replace("\n", "").replace("\r", "") if is_line else value))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form_id:
            self._is_inside = False
        if tag == "fieldset":
            self._disabled.pop()
        if tag == "textarea" and self._area:
            name, pieces = self._area
            text = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
            self.sent.append((name, text.replace("\n", "\r\n")))
            self._area = None
        if tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, is_chosen in options if is_chosen] or [value for value, _ in options[:1]]
            self.sent += [(name, value) for value in chosen[-1:]]
            self._select = None
