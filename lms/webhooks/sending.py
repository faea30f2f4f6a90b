"""Sending: what a courier does in its turn. A turn is short, so that no receiver keeps a worker from the others."""

import random
import time
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook

from lms import clock, faults
from lms.db.session import Database
from lms.errors import Refusal
from lms.outbox.operations import Delivery, NotYet
from lms.webhooks.deliveries import Taken, look_again_at, note_outcome, take_next
from lms.webhooks.outbound import Outbound, Outcome
from lms.webhooks.secrets import SecretBox

TURN_SECONDS = 5.0  # after which nothing more is begun
TURN_DELIVERIES = 50


class Sender:
    """Works endpoints off: one delivery after the other, signed, and what came of each written down."""

    def __init__(self, database: Database, box: SecretBox, outbound: Outbound, base_url: str) -> None:
        self._database = database
        self._box = box
        self._outbound = outbound
        self._base_url = base_url

    def handle(self, delivery: Delivery) -> None:
        """One turn for an endpoint. Raises NotYet while something waits for it."""
        organisation_id = delivery.organisation_id
        endpoint_id, courier_id = (UUID(delivery.payload[name]) for name in ("endpoint_id", "courier_id"))
        ends = time.monotonic() + TURN_SECONDS
        for _each in range(TURN_DELIVERIES):
            if time.monotonic() >= ends or not self._send_next(organisation_id, endpoint_id, courier_id):
                break
        with self._database.reading(organisation_id) as session:
            again_at = look_again_at(session, endpoint_id=endpoint_id, courier_id=courier_id, at=clock.now())
        if again_at is not None:
            raise NotYet(again_at)

    def _send_next(self, organisation_id: UUID, endpoint_id: UUID, courier_id: UUID) -> bool:
        """Whether there was something to send, and it arrived."""
        with self._database.transaction(organisation_id) as session:
            taken = take_next(session, endpoint_id=endpoint_id, courier_id=courier_id, at=clock.now())
        if taken is None:
            return False
        faults.point("webhook.taken")
        outcome = self.send(taken, at=clock.now())
        faults.point("webhook.sent")
        with self._database.transaction(organisation_id) as session:
            chance = random.random()  # noqa: S311  # chance, not secrecy
            note_outcome(session, taken=taken, outcome=outcome, chance=chance, base_url=self._base_url, at=clock.now())
        faults.point("webhook.noted")
        return outcome.is_success

    def send(self, taken: Taken, *, at: datetime) -> Outcome:
        """Sign a delivery with every secret that is good now, and send it."""
        sealed = [taken.sealed_secret, *([taken.sealed_old_secret] if taken.sealed_old_secret else [])]
        try:
            secrets = [self._box.open(each, endpoint_id=taken.endpoint_id) for each in sealed]
        except Refusal as refusal:
            return Outcome(0, fault=str(refusal)[:300])
        headers = signed_headers(taken.payload, secrets, event_id=taken.event_id, at=at)
        return self._outbound.post(taken.url, headers=headers, body=taken.payload.encode())


def signed_headers(payload: str, secrets: list[str], *, event_id: UUID, at: datetime) -> dict[str, str]:
    """The headers of a request by the Standard Webhooks specification 1.0.0; several signatures stand side by side."""
    signatures = [Webhook(secret).sign(str(event_id), at, payload) for secret in secrets]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
