"""The body of an item as it is answered; of one that nobody touched yet it is kept: it is the same for everybody."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import get_locale
from markupsafe import Markup

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Response
from assessments.queries.versions import Version
from assessments.web.item_views import ITEM_VIEWS
from lms.db.bounded_cache import BoundedCache

# Stands where the prefix of the fields' names goes; no text holds it, for it is made anew in each process.
_PREFIX = f"prefix-{secrets.token_hex(12)}-"
_untouched: BoundedCache[tuple[UUID, str], str] = BoundedCache(2048)


def item_body(version: Version, prefix: str, response: Response | Mapping[str, Any]) -> Markup:
    """The form controls of an item with what was answered; nothing in it comes from a key."""
    view = ITEM_VIEWS[version.type]
    item = {"template": view.template, "attribution": version.attribution}
    return Markup(  # noqa: S704  # our own template
        render_template(
            "assessments/candidate/item_body.html",
            item=item,
            prefix=prefix,
            content=version.content,
            response=response,
            view=view.context(version.content, response),
            is_locked=False,
        )
    )


def untouched_body(version: Version, prefix: str) -> Markup:
    """The same before anything is answered."""

    def make(missing: list[tuple[UUID, str]]) -> dict[tuple[UUID, str], str]:
        nothing = item_type(version.type).response.model_validate({})
        return {key: str(item_body(version, _PREFIX, nothing)) for key in missing}

    key = (version.id, str(get_locale()))
    return Markup(_untouched.get_all([key], make)[key].replace(_PREFIX, prefix))  # noqa: S704  # as above
