"""Certificates in the API: those that the organisation may see, with what they are worth at this instant."""

from datetime import datetime
from fractions import Fraction
from typing import Literal
from uuid import UUID

from flask import current_app
from pydantic import Field

from certificates.api.blueprint import certificates_api
from certificates.domain.standing import Standing, standing_at
from certificates.queries.consented import ConsentedCertificate, find_consented, page_consented
from lms import clock
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape, Slug
from lms.errors import NotFound
from lms.web.transactions import reading


class SkillCertified(Shape):
    """The score in one skill, from 0 to 1."""

    skill: str
    title: str
    score: float = Field(ge=0, le=1)


class CertificateShown(Shape):
    """A certificate, and what it is worth at the instant of the answer."""

    id: str = Field(examples=["7XkQmPa2bVtN8sRwYc4eHf3d"])
    subject: UUID
    catalogue: Literal["own", "public"] = Field(description="Whether the organisation issued it or the public one.")
    achievement: str = Field(examples=["fact-versus-fiction"])
    title: str
    standing: Standing
    reason: str | None = Field(description="Why it is suspended, revoked or superseded.")
    issued_at: Instant
    valid_until: Instant
    score: float = Field(ge=0, le=1)
    cut_score: float = Field(ge=0, le=1)
    skills: list[SkillCertified]
    verify_url: str = Field(description="Where anybody may verify it.", examples=["https://assay.example/verify/7Xk"])


class CertificatesQuery(PageQuery):
    """Which certificates."""

    subject: UUID | None = Field(default=None, description="Only of this person.")
    achievement: Slug | None = Field(default=None, description="Only of this achievement.")


class UnknownCertificate(NotFound):
    """There is no such certificate, or the organisation may not see it."""

    code = "unknown-certificate"


@endpoint(
    certificates_api,
    "GET",
    "/certificates",
    scope=Scope.CERTIFICATES_READ,
    summary="List certificates",
    query=CertificatesQuery,
    answer=Page[CertificateShown],
    tag="Certificates",
)
def list_certificates(*, query: CertificatesQuery) -> Page[CertificateShown]:
    """Certificates of members who let the organisation see them, the last issued first: the organisation's own and
    those of the public catalogue.
    """
    after = read_cursor(query.after, datetime.fromisoformat, str)
    with reading() as session:
        rows = page_consented(
            session,
            after=(after[0], after[1]) if after else None,
            limit=query.limit + 1,
            person_id=query.subject,
            slug=query.achievement,
        )
    return Page[CertificateShown](
        **page_of(rows, limit=query.limit, shape=_shown, place=lambda row: [row.issued_at.isoformat(), row.id])
    )


@endpoint(
    certificates_api,
    "GET",
    "/certificates/<certificate_id>",
    scope=Scope.CERTIFICATES_READ,
    summary="Read a certificate",
    answer=CertificateShown,
    refusals=(UnknownCertificate,),
    parameters={"certificate_id": "The id that stands on the certificate."},
    tag="Certificates",
)
def read_certificate(*, certificate_id: str) -> CertificateShown:
    """One that does not exist and one that the organisation may not see are answered alike."""
    with reading() as session:
        found = find_consented(session, certificate_id)
    if found is None:
        raise UnknownCertificate("There is no such certificate.")
    return _shown(found)


def _shown(row: ConsentedCertificate) -> CertificateShown:
    base_url = current_app.extensions["assay.settings"].base_url
    return CertificateShown(
        id=row.id,
        subject=row.person_id,
        catalogue="public" if row.is_public else "own",
        achievement=row.slug,
        title=row.achievement,
        standing=standing_at(row.state, row.valid_until, clock.now()),
        reason=row.state_reason,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        score=float(row.score),
        cut_score=float(row.cut_score),
        skills=[
            SkillCertified(skill=each["skill"], title=each["title"], score=float(Fraction(each["score"])))
            for each in row.skills
        ],
        verify_url=f"{base_url}/verify/{row.id}",
    )
