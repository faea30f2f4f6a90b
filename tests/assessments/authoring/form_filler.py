"""Fills a generated form in the browser, as somebody would: rows are added by buttons, every control is set."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assessments.web.schema_forms import SchemaForm
from assessments.web.schema_forms_shown import Field


def fill(page: Page, form: SchemaForm, raw: Mapping[str, Any]) -> None:
    """Make the form on the page state these raw values."""
    for field in form.show(raw).fields:
        _fill(page, field)


def control(page: Page, name: str) -> Locator:
    return page.locator(f'#item-form [name="{name}"]')


def row_button(page: Page, wish: str) -> Locator:
    return page.locator(f'#item-form button[name=edit][value="{wish}"]')


def press(page: Page, wish: str) -> None:
    row_button(page, wish).click()


def _fill(page: Page, field: Field) -> None:
    if field.kind in ("rows", "named"):
        _have_rows(page, field)
    if field.kind == "either":
        _have_kind(page, field)
    if field.key is not None:
        control(page, field.key.name).fill(field.key.text)
    if field.kind in ("group", "rows", "named", "slots", "either"):
        for inner in field.fields:
            _fill(page, inner)
    else:
        _set(page, field)


def _set(page: Page, field: Field) -> None:
    found = control(page, field.name)
    if field.kind == "check":
        found.set_checked(field.is_on)
    elif field.kind == "select":
        found.select_option(field.text)
    else:
        found.fill(field.text)


def _have_rows(page: Page, field: Field) -> None:
    count = control(page, f"{field.name}~rows")
    there, wanted = int(count.input_value()), len(field.fields)
    while there != wanted:
        press(page, f"add:{field.name}" if there < wanted else f"remove:{field.name}.{there - 1}")
        there += 1 if there < wanted else -1
        expect(count).to_have_value(str(there))


def _have_kind(page: Page, field: Field) -> None:
    is_mapping = control(page, f"{field.name}~mapping")
    if field.is_on != (is_mapping.count() > 0):
        press(page, f"{'mapping' if field.is_on else 'single'}:{field.name}")
        expect(is_mapping).to_have_count(int(field.is_on))
