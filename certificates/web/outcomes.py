"""What the outcome of a verification means, in words for somebody who has to decide something by it."""

from flask_babel import gettext as _

from certificates.domain.records import Examined
from certificates.domain.standing import Standing
from certificates.domain.verdicts import Check, Outcome
from certificates.web.standings import Words, in_words


def examined_in_words(found: Examined) -> Words:
    """What the id of a certificate leads to, in plain words."""
    if found.faults:
        meaning = _("Our record of this certificate is not as it was signed. It must not be relied on.")
        return Words(_("Does not hold"), meaning, "bad")
    if found.edition is None and found.certificate.standing is Standing.VALID:
        meaning = _("This certificate was issued just now and is being signed. Look again in a minute.")
        return Words(_("Being signed"), meaning, "warning")
    return in_words(found.certificate.standing)


def outcome_in_words(outcome: Outcome, *, is_picture: bool = False) -> Words:
    """The outcome in plain words. Of a picture only the credential in it was signed."""
    genuine = _("The credential in this picture is genuine.") if is_picture else _("This file is genuine.")
    match outcome:
        case Outcome.VALID if is_picture:
            meaning = _("The credential in this picture is as it was signed, and the certificate holds today.")
            return Words(_("Valid"), meaning, "ok")
        case Outcome.VALID:
            return Words(_("Valid"), _("This file is as it was signed, and the certificate holds today."), "ok")
        case Outcome.EXPIRED:
            meaning = _("Today lies outside the time for which it was issued.")
            return Words(_("Expired"), f"{genuine} {meaning}", "quiet")
        case Outcome.SUSPENDED:
            meaning = _("The certificate does not hold while something is being examined.")
            return Words(_("Suspended"), f"{genuine} {meaning}", "warning")
        case Outcome.SUPERSEDED:
            meaning = _("A newer one took its place. Ask for that one.")
            return Words(_("Superseded"), f"{genuine} {meaning}", "quiet")
        case Outcome.REVOKED:
            return Words(_("Revoked"), _("This certificate was withdrawn. Do not rely on it."), "bad")
        case Outcome.UNKNOWN_ISSUER:
            meaning = _("Nobody whom this site knows vouches for this file. Do not rely on it.")
            return Words(_("Unknown issuer"), meaning, "bad")
        case Outcome.ALTERED:
            meaning = _("Something is not as it was signed. Do not rely on it, whatever it says.")
            return Words(_("Altered"), meaning, "bad")
        case Outcome.UNREADABLE:
            return Words(_("Not readable"), _("This is not a certificate that can be verified."), "bad")


def check_titles() -> dict[str, str]:
    """What each check looks at, by the check's lasting name."""
    return {
        "readable": _("The file"),
        "picture": _("The drawing"),
        "pdf-signature": _("Signature of the PDF"),
        "pdf-signer": _("Who signed the PDF"),
        "jwt": _("Signature of the token"),
        "credential": _("The credential"),
        "proof": _("Signature of the credential"),
        "signer": _("Who signed the credential"),
        "log": _("Issuance log"),
        "dates": _("Dates"),
        "record": _("Our record"),
        "log-today": _("Issuance log today"),
        "state": _("State today"),
        "edition": _("Edition"),
    }


def in_order(checks: tuple[Check, ...]) -> list[Check]:
    """What failed first, then what could not be looked at, then what passed."""
    return sorted(checks, key=lambda check: ("failed", "not-made", "passed").index(check.result))


def pills() -> dict[str, tuple[str, str]]:
    """The kind of pill for each result of a check, and the word in it."""
    return {
        "passed": ("ok", _("Passed")),
        "failed": ("bad", _("Failed")),
        "not-made": ("quiet", _("Not checked")),
    }
