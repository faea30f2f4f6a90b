"""What the standing of a certificate means, in words for somebody who has to decide something by it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from certificates.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, a sentence of explanation, and the kind of pill and of verdict that show it."""

    title: str
    meaning: str
    kind: str

    @property
    def verdict(self) -> str:
        return "" if self.kind == "quiet" else self.kind


def in_words(standing: Standing) -> Words:
    """The standing in plain words."""
    match standing:
        case Standing.VALID:
            return Words(_("Valid"), _("This certificate was issued here, and it holds today."), "ok")
        case Standing.EXPIRED:
            meaning = _("This certificate was issued here and was good until its last day, which is over.")
            return Words(_("Expired"), meaning, "quiet")
        case Standing.SUSPENDED:
            meaning = _("This certificate was issued here. It does not hold while something is being examined.")
            return Words(_("Suspended"), meaning, "warning")
        case Standing.REVOKED:
            meaning = _("This certificate was issued here and was withdrawn later. Do not rely on it.")
            return Words(_("Revoked"), meaning, "bad")
        case Standing.SUPERSEDED:
            meaning = _("This certificate was issued here, and a newer one took its place. Ask for that one.")
            return Words(_("Superseded"), meaning, "quiet")
        case Standing.ERASED:
            raise ValueError("an erased certificate is shown to nobody")
