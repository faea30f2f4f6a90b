"""How long the past of webhooks is kept: what is over is forgotten after a while; what still waits is not."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.db.session import Database
from lms.webhooks.models import WebhookDelivery, WebhookEvent, WebhookTry

KEPT_FOR = timedelta(days=90)
AT_ONCE = 1000  # deliveries that one transaction forgets


def forget_the_past(database: Database, *, at: datetime) -> None:
    """Forget deliveries that ended long ago with their tries, and events of which nothing is left to deliver."""
    while _forget_some(database, before=at - KEPT_FOR):
        pass
    with database.transaction() as session:
        is_kept = select(WebhookDelivery.id).where(WebhookDelivery.event_id == WebhookEvent.id).exists()
        session.execute(
            delete(WebhookEvent)
            .where(WebhookEvent.fanned_out_at < at - KEPT_FOR, ~is_kept)
            .execution_options(synchronize_session=False)
        )


def _forget_some(database: Database, *, before: datetime) -> bool:
    """Whether there may be more."""
    with database.transaction() as session:
        ids = session.scalars(
            select(WebhookDelivery.id)
            .where(WebhookDelivery.ended_at < before)
            .order_by(WebhookDelivery.id)
            .limit(AT_ONCE)
        ).all()
        for table, key in ((WebhookTry, WebhookTry.delivery_id), (WebhookDelivery, WebhookDelivery.id)):
            session.execute(delete(table).where(key.in_(ids)).execution_options(synchronize_session=False))
    return len(ids) == AT_ONCE
