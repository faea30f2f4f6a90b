"""The levels of skills in words."""

from flask_babel import gettext as _

from certificates.domain.levels import Level


def level_words() -> dict[Level, str]:
    """A word for each level."""
    return {
        Level.DEVELOPING: _("Developing"),
        Level.PROFICIENT: _("Proficient"),
        Level.ADVANCED: _("Advanced"),
        Level.EXPERT: _("Expert"),
    }
