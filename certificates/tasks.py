"""Work after the commit: signing and printing a certificate, runs over many, following to whom tiers are open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from certificates.adapters.file_store import FileStore
from certificates.adapters.key_ring import ActiveKey, DocumentKey, NoKey
from certificates.adapters.signing import Signing
from certificates.domain.issuance import Begun, Intent
from certificates.models.credentials import Cause
from certificates.models.keys import KeyPurpose
from certificates.operations.credentials import ask_for_credential, flag_credential, intend_credential, keep_credential
from certificates.operations.expiring import announce_expiry
from certificates.operations.extending import extend_certificates
from certificates.operations.keys import make_first_keys
from certificates.operations.reissuing import carry_on
from certificates.operations.rendering import keep_file
from certificates.operations.standings import follow, follow_people
from certificates.operations.tier_notices import Notice, tell_next
from certificates.operations.tier_versions import FOLLOW_TIER_TOPIC
from certificates.queries.intents import find_intent, find_printing
from certificates.queries.standings import list_knowing, list_others, list_people
from lms import clock, faults
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import Handler
from lms.outbox.operations import Delivery, NotYet, post, settle

if TYPE_CHECKING:
    from certificates.adapters.workshop import Workshop

PEOPLE_AT_ONCE = 500  # whose standings one transaction looks at
NOT_EARNED = "The attempt behind it did not pass."


@dataclass(frozen=True, slots=True)
class _Ready:
    """A credential that was begun, and the keys that sign it."""

    begun: Begun
    key: ActiveKey
    document_key: DocumentKey


class Issuing:
    """Brings a credential to its end in steps, each of which may be the last one before a crash.

    Intended and logged, signed, printed: every step looks at what is done already, so that coming twice is harmless.
    What takes long is done while no transaction is open.
    """

    def __init__(
        self, database: Database, store: FileStore, signing: Signing, workshop: "Callable[[], Workshop]"
    ) -> None:
        self._database = database
        self._store = store
        self._signing = signing
        self._workshop = workshop

    def handle(self, delivery: Delivery) -> None:
        ready = self._intend(delivery)
        faults.point("issue.intended")
        if ready is None:
            return  # erased before it was begun
        self._sign(delivery.organisation_id, ready)
        faults.point("issue.signed")
        self._print(delivery.organisation_id, ready.begun.credential_id)

    def _intend(self, delivery: Delivery) -> _Ready | None:
        try:
            return self._intend_with_keys(delivery)
        except NoKey:
            with self._database.transaction(delivery.organisation_id) as session:
                make_first_keys(session, keys=self._signing.keys, at=clock.now())
            return self._intend_with_keys(delivery)

    def _intend_with_keys(self, delivery: Delivery) -> _Ready | None:
        keys = self._signing.keys
        with self._database.transaction(delivery.organisation_id) as session:
            begun = intend_credential(
                session,
                certificate_id=delivery.payload["certificate_id"],
                number=delivery.payload["number"],
                cause=Cause(delivery.payload["cause"]),
                signing=self._signing,
                at=clock.now(),
            )
            if begun is None:
                return None
            return _Ready(begun, keys.active(session, KeyPurpose.CREDENTIAL), keys.active(session, KeyPurpose.DOCUMENT))

    def _sign(self, organisation_id: UUID, ready: _Ready) -> None:
        intent = ready.begun.intent or self._find_intent(organisation_id, ready.begun.credential_id)
        if intent is None:
            return
        obstacle = _obstacle(intent, ready.key, ready.document_key)
        if obstacle is not None:
            self._give_up(organisation_id, intent, obstacle)
            return
        signed = self._workshop().sign_credential(intent, key=ready.key, document_key=ready.document_key)
        faults.point("issue.signature")
        with self._database.transaction(organisation_id) as session:
            keep_credential(session, intent=intent, signed=signed, at=clock.now())

    def _find_intent(self, organisation_id: UUID, credential_id: UUID) -> Intent | None:
        with self._database.reading(organisation_id) as session:
            return find_intent(session, credential_id)

    def _give_up(self, organisation_id: UUID, intent: Intent, obstacle: str) -> None:
        """Flag an intent. What only came too late is intended once more."""
        with self._database.transaction(organisation_id) as session:
            flag_credential(session, credential_id=intent.credential_id, reason=obstacle)
            if obstacle != NOT_EARNED:
                self._ask_anew(session, intent.certificate_id)

    def _ask_anew(self, session: Session, certificate_id: str) -> None:
        ask_for_credential(session, certificate_id=certificate_id, cause=Cause.KEYS, at=clock.now())

    def _print(self, organisation_id: UUID, credential_id: UUID) -> None:
        with self._database.reading(organisation_id) as session:
            printing = find_printing(session, credential_id)
            if printing is None:
                return
            key = self._signing.keys.active(session, KeyPurpose.DOCUMENT)
        if key.id != printing.document_key_id:  # another took over: one key vouches for the JWT and for the PDF
            with self._database.transaction(organisation_id) as session:
                self._ask_anew(session, printing.certificate.id)
            return
        content = self._workshop().print(printing, key=key)
        faults.point("issue.printed")
        sha256 = self._store.put(content)
        faults.point("issue.stored")
        with self._database.transaction(organisation_id) as session:
            kept = keep_file(
                session, credential_id=credential_id, sha256=sha256, byte_count=len(content), at=clock.now()
            )
        if kept != sha256:
            self._store.remove(sha256)  # erased meanwhile, or another worker was first


def _obstacle(intent: Intent, key: ActiveKey, document_key: DocumentKey) -> str | None:
    """Why an intent is not signed. A key that is younger than the intent cannot have signed it on its day."""
    if not intent.is_earned:
        return NOT_EARNED
    if max(key.since, document_key.since).replace(microsecond=0) > intent.intended_at:
        return "Another key took over before it was signed."
    return None


def remove_handler(store: FileStore) -> Handler:
    """The handler that removes a file which nothing refers to any more."""

    def handle(delivery: Delivery) -> None:
        store.remove(delivery.payload["sha256"])

    return handle


def expiring_handler(database: Database) -> Handler:
    """The handler that announces certificates thirty days before they end."""

    def handle(delivery: Delivery) -> None:
        valid_until = datetime.fromisoformat(delivery.payload["valid_until"])
        certificate_id = delivery.payload["certificate_id"]
        with database.transaction(delivery.organisation_id) as session:
            announce_expiry(session, certificate_id=certificate_id, valid_until=valid_until, at=clock.now())

    return handle


def run_handler(database: Database, base_url: str) -> Handler:
    """The handler that carries a run over many certificates on, a batch each time, so that other work has its turn."""

    def handle(delivery: Delivery) -> None:
        run_id = UUID(delivery.payload["run_id"])
        with database.transaction(delivery.organisation_id) as session:
            waits = carry_on(session, run_id=run_id, base_url=base_url, at=clock.now())
        if waits:
            raise NotYet(clock.now())

    return handle


def counted_handler(database: Database, base_url: str) -> Handler:
    """The handler that looks at people whose work was counted: at their tiers, and at certificates that hold longer."""

    def handle(delivery: Delivery) -> None:
        for person_id in map(UUID, delivery.payload["people"]):
            with database.transaction(delivery.organisation_id) as session:
                extend_certificates(session, person_id=person_id, base_url=base_url, at=clock.now())
                follow(session, person_id=person_id, at=clock.now())

    return handle


def follow_handler(database: Database) -> Handler:
    """The handler that works out a person's standings anew; what they hold in the public catalogue counts elsewhere."""

    def handle(delivery: Delivery) -> None:
        person_id = UUID(delivery.payload["person_id"])
        concerned = [delivery.organisation_id]
        if delivery.organisation_id == PUBLIC_ORGANISATION_ID:
            with database.reading() as session:
                concerned.extend(list_knowing(session, person_id))
        for organisation_id in concerned:
            with database.transaction(organisation_id) as session:
                follow(session, person_id=person_id, at=clock.now())

    return handle


def follow_tier_handler(database: Database) -> Handler:
    """The handler that works out the standings of everybody toward a tier that was changed, a batch each time."""

    def handle(delivery: Delivery) -> None:
        tier_id, after = UUID(delivery.payload["tier_id"]), delivery.payload["after"]
        if delivery.organisation_id == PUBLIC_ORGANISATION_ID and after is None:
            with database.reading() as session:
                others = list_others(session)
            for organisation_id in others:
                with database.transaction(organisation_id) as session:
                    _go_on(session, tier_id, None)
        with database.transaction(delivery.organisation_id) as session:
            people = list_people(session, after=UUID(after) if after else None, limit=PEOPLE_AT_ONCE)
            follow_people(session, people=people, tier_id=tier_id, at=clock.now())
            if len(people) == PEOPLE_AT_ONCE:
                _go_on(session, tier_id, people[-1])

    return handle


def _go_on(session: Session, tier_id: UUID, after: UUID | None) -> None:
    payload = {"tier_id": str(tier_id), "after": after and str(after)}
    post(session, topic=FOLLOW_TIER_TOPIC, payload=payload, at=clock.now())


def notice_handler(database: Database, base_url: str) -> Handler:
    """The handler that has the next people told to whom a tier closes or opens, a batch each time, and nobody twice."""

    def handle(delivery: Delivery) -> None:
        with database.transaction(delivery.organisation_id) as session:
            if settle(session, delivery=delivery, at=clock.now()):
                notice = Notice.from_payload(delivery.payload)
                tell_next(session, notice=notice, base_url=base_url, at=clock.now())

    return handle
