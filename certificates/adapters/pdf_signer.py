"""The signature of a PDF: whether it holds for the whole file, and whether its issuer vouches for who signed."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import load_der_x509_certificate

from certificates.adapters.pdf.reading import SignedPdf
from certificates.domain.trust import KeyUse, TrustedKeys
from certificates.domain.verdicts import Check, Outcome, not_made, passed


def check_pdf(pdf: SignedPdf, *, trust: TrustedKeys, issuer: str, at: datetime) -> list[Check]:
    """What there is to say about the signature of a PDF; `issuer` is the DID that the credential in it names."""
    return [_signature(pdf), _signer(pdf, trust, issuer, at)]


def _signature(pdf: SignedPdf) -> Check:
    if not pdf.is_intact or not pdf.covers_whole_document:
        says = " ".join(pdf.problems) or "Something was added to the PDF or changed after it was signed."
        return Check("pdf-signature", Outcome.ALTERED, says)
    return passed("pdf-signature", "The signature fits and covers the whole PDF: not a byte was changed.")


def _signer(pdf: SignedPdf, trust: TrustedKeys, issuer: str, at: datetime) -> Check:
    """The certificate in the PDF vouches for itself alone; what counts is that its key is one of the issuer's."""
    if not trust.is_known(issuer):
        return not_made("pdf-signer", "There is no key to compare with.")
    try:
        key = load_der_x509_certificate(pdf.signer_certificate).public_key()
    except ValueError:
        return Check("pdf-signer", Outcome.ALTERED, "The certificate of who signed the PDF cannot be read.")
    signed_at = pdf.signed_at or at
    known = [one for one in trust.by_issuer[issuer].values() if one.use is KeyUse.DOCUMENT and one.public == key]
    if not isinstance(key, EllipticCurvePublicKey) or not known:
        return Check("pdf-signer", Outcome.UNKNOWN_ISSUER, "The PDF is not signed with a key of its issuer.")
    if not known[0].may_have_signed(signed_at):
        return Check("pdf-signer", Outcome.UNKNOWN_ISSUER, "The PDF is signed with a key that was not in use that day.")
    return passed("pdf-signer", f"The issuer vouches for the key that signed it, {known[0].id}.")
