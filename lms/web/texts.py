"""Text for templates: paragraphs of plain text, instants, languages and their direction."""

from datetime import datetime
from typing import Any

from flask import Flask, g
from flask_babel import Babel, format_datetime, get_locale, get_translations
from markupsafe import Markup, escape


def register_texts(app: Flask) -> None:
    Babel(app, default_locale="en", default_timezone="UTC")
    app.jinja_env.install_gettext_callables(_words, _counted_words, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters["paragraphs"] = paragraphs
    app.jinja_env.filters["instant"] = instant
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["percent"] = percent
    app.jinja_env.globals["locale"] = lambda: str(get_locale() or "en").replace("_", "-")
    app.jinja_env.globals["text_direction"] = lambda: getattr(get_locale(), "text_direction", "ltr")


def _words(message: str) -> str:
    """Flask-Babel looks up the locale and its translations for each sentence; a page has a hundred of them."""
    return str(_translations().ugettext(message))


def _counted_words(singular: str, plural: str, count: int) -> str:
    return str(_translations().ungettext(singular, plural, count))


def _translations() -> Any:
    """The translations of this request, looked up once."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: a blank line ends one, a line break stays a line break."""
    blocks = [block.strip() for block in text.strip().split("\n\n") if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks
    )


def instant(value: datetime) -> Markup:
    """A date and time in UTC, readable by people and by machines."""
    return Markup('<time datetime="{}">{} UTC</time>').format(
        value.isoformat(), format_datetime(value, "d MMMM y, HH:mm")
    )


def day(value: datetime) -> Markup:
    """A date."""
    return Markup('<time datetime="{}">{}</time>').format(value.date().isoformat(), format_datetime(value, "d MMMM y"))


def percent(fraction: float) -> str:
    """A fraction from 0 to 1 as whole percent, rounded down so that no score looks better than it is."""
    return f"{int(fraction * 100 + 1e-9)} %"
