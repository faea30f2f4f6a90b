"""What happened to a certificate, in a few words for managers: causes, changes of state, fates of proposals."""

from flask_babel import gettext as _

from certificates.domain.standing import CertificateState
from certificates.models.credentials import Cause
from certificates.models.life_cycle import ProposalState


def cause_in_words(cause: Cause) -> str:
    """Why a credential was signed."""
    said = {
        Cause.ISSUED: _("issued"),
        Cause.NAME: _("another name"),
        Cause.RESULT: _("another result"),
        Cause.RENEWED: _("renewed"),
        Cause.DESIGN: _("another design"),
        Cause.KEYS: _("another key"),
    }
    text: str = said[cause]
    return text


def change_in_words(state: CertificateState) -> tuple[str, str]:
    """The kind of pill and the word for what a certificate became."""
    return {
        CertificateState.VALID: ("ok", _("holds again")),
        CertificateState.SUSPENDED: ("warning", _("suspended")),
        CertificateState.REVOKED: ("bad", _("revoked")),
        CertificateState.SUPERSEDED: ("quiet", _("superseded")),
        CertificateState.ERASED: ("quiet", _("erased")),
    }[state]


def proposal_in_words(state: ProposalState) -> tuple[str, str]:
    """The kind of pill and the word for what became of a proposal to revoke."""
    return {
        ProposalState.OPEN: ("warning", _("waits")),
        ProposalState.REVOKED: ("bad", _("revoked")),
        ProposalState.DECLINED: ("ok", _("declined")),
        ProposalState.WITHDRAWN: ("quiet", _("withdrawn")),
    }[state]
