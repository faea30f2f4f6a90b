"""The address at LinkedIn that offers to add a certificate to the profile of whoever follows it."""

from urllib.parse import urlencode

from certificates.domain.contents import CertificateView

_ADD = "https://www.linkedin.com/profile/add"


def add_to_profile(certificate: CertificateView, *, address: str) -> str:
    """Return LinkedIn's documented "Add to profile" link; `address` is where anybody verifies the certificate."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.achievement,
        "organizationName": certificate.issuer,
        "issueYear": certificate.issued_at.year,
        "issueMonth": certificate.issued_at.month,
        "expirationYear": certificate.valid_until.year,
        "expirationMonth": certificate.valid_until.month,
        "certUrl": address,
        "certId": certificate.id,
    }
    return f"{_ADD}?{urlencode(fields)}"
