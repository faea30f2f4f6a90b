"""The base of all forms."""

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A form with its token against forgery."""
