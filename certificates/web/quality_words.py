"""The quality of work in words and pills: what became of a proposal, of a suspension, of an appeal."""

from flask_babel import gettext as _

from certificates.models.sanctions import AppealState, SuspensionState
from certificates.queries.sanctions import SanctionLine


def proposal_in_words(state: SuspensionState) -> tuple[str, str]:
    """The kind of pill and the word for a proposal to suspend."""
    return {
        SuspensionState.OPEN: ("warning", _("waits")),
        SuspensionState.CONFIRMED: ("bad", _("suspended")),
        SuspensionState.DISMISSED: ("ok", _("left open")),
        SuspensionState.WITHDRAWN: ("quiet", _("nothing to decide")),
    }[state]


def appeal_in_words(state: AppealState) -> tuple[str, str]:
    """The kind of pill and the word for an appeal."""
    return {
        AppealState.OPEN: ("warning", _("waits")),
        AppealState.UPHELD: ("ok", _("upheld")),
        AppealState.REJECTED: ("bad", _("rejected")),
        AppealState.SETTLED: ("quiet", _("settled")),
    }[state]


def sanction_in_words(line: SanctionLine) -> tuple[str, str]:
    """The kind of pill and the word for a suspension."""
    return ("bad", _("suspended")) if line.is_active else ("ok", _("lifted"))


def what_is_closed(line: SanctionLine) -> str:
    """The tier that a suspension closes, by its title."""
    text: str = line.tier.title if line.tier is not None else _("All tiers")
    return text
