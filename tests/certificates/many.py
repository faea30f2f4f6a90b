"""Many certificates at once, each with a signed credential, without anybody having sat a test."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt
from certificates.domain.standing import CertificateState
from certificates.domain.validity import validity
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate, make_certificate_id
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.models.log import LeafKind, LogHead, LogLeaf
from lms.accounts.models import Person, PersonState
from lms.db.scope import organisation_of
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify

KEY = "a-key-of-this-test"


def make_certificates(
    session: Session,
    count: int,
    *,
    issued_at: datetime = AT,
    months: int = 24,
    design_version_id: UUID | None = None,
    key_id: str = KEY,
    are_signed: bool = True,
) -> list[str]:
    """That many certificates of the ferry track, a person each; their attempts are copies of one that was sat."""
    template = _attempt_to_copy(session)
    version_id = session.scalars(
        select(AchievementVersion.id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Achievement.slug == BANK, AchievementVersion.is_current)
    ).one()
    _make_key(session, key_id)
    organisation_id = organisation_of(session)
    people = [uuid4() for _ in range(count)]
    ids = [make_certificate_id() for _ in range(count)]
    attempts = [uuid4() for _ in range(count)]
    session.execute(
        insert(Person),
        [
            {
                "id": person_id,
                "name": f"Holder {number}",
                "email": f"{person_id.hex}@example.org",
                "password_hash": "-",
                "state": PersonState.ACTIVE,
                "created_at": AT,
            }
            for number, person_id in enumerate(people, 1)
        ],
    )
    session.execute(
        insert(Attempt),
        [
            {**template, "id": attempt_id, "person_id": person_id}
            for attempt_id, person_id in zip(attempts, people, strict=True)
        ],
    )
    session.execute(
        insert(Certificate),
        [
            {
                "id": certificate_id,
                "organisation_id": organisation_id,
                "achievement_version_id": version_id,
                "person_id": person_id,
                "attempt_id": attempt_id,
                "holder_name": f"Holder {number}",
                "issued_at": issued_at,
                "valid_until": validity(issued_at, months),
                "state": CertificateState.VALID,
                "score": Fraction(9, 10),
                "cut_score": Fraction(7, 10),
                "skills": [],
            }
            for number, (certificate_id, person_id, attempt_id) in enumerate(zip(ids, people, attempts, strict=True), 1)
        ],
    )
    if are_signed:
        make_credentials(session, ids, at=issued_at, design_version_id=design_version_id, key_id=key_id)
    return ids


def make_credentials(
    session: Session,
    certificate_ids: Sequence[str],
    *,
    at: datetime,
    number: int = 1,
    design_version_id: UUID | None = None,
    key_id: str = KEY,
    cause: Cause = Cause.ISSUED,
) -> None:
    """A signed credential for each, which takes the place of the one before; leaves of the log included."""
    start = session.scalars(select(LogHead.size)).one()
    commitments = [sha256(f"{each}/{number}".encode()).hexdigest() for each in certificate_ids]
    session.execute(
        insert(LogLeaf),
        [
            {
                "index": start + offset,
                "kind": LeafKind.CREDENTIAL,
                "commitment": commitment,
                "leaf_hash": commitment,
                "at": at,
            }
            for offset, commitment in enumerate(commitments)
        ],
    )
    session.execute(update(LogHead).values(size=start + len(certificate_ids)))
    session.execute(
        update(Credential).where(Credential.certificate_id.in_(certificate_ids)).values(is_current=False),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        insert(Credential),
        [
            {
                "id": uuid4(),
                "organisation_id": organisation_of(session),
                "certificate_id": certificate_id,
                "number": number,
                "is_current": True,
                "cause": cause,
                "state": CredentialState.SIGNED,
                "salt": "0" * 64,
                "content": "{}",
                "commitment": commitment,
                "design_version_id": design_version_id,
                "leaf_index": start + offset,
                "status_list": 1,
                "status_index": start + offset,
                "intended_at": at,
                "document": "{}",
                "jwt": "x",
                "key_id": key_id,
                "document_key_id": key_id,
                "signed_at": at,
            }
            for offset, (certificate_id, commitment) in enumerate(zip(certificate_ids, commitments, strict=True))
        ],
    )


def _make_key(session: Session, key_id: str) -> None:
    """A key that signed before and signs no more."""
    if session.get(SigningKey, key_id) is None:
        session.add(
            SigningKey(
                id=key_id,
                purpose=KeyPurpose.CREDENTIAL,
                state=KeyState.RETIRED,
                public_jwk={},
                is_development=True,
                created_at=AT,
                retired_at=AT,
            )
        )
        session.flush()


def _attempt_to_copy(session: Session) -> dict[str, object]:
    if session.scalars(select(Achievement.id).where(Achievement.slug == BANK)).first() is None:
        make_office(session)
    found = session.scalars(select(Attempt).limit(1)).first()
    if found is None:
        person_id = qualify(session, right=0)
        found = session.scalars(select(Attempt).where(Attempt.person_id == person_id)).one()
    as_it_was = {column.key: getattr(found, column.key) for column in Attempt.__table__.columns}
    return as_it_was | {"score": Fraction(9, 10), "has_passed": True}
