"""The tables as the checker reads them: plain columns, without the models of the code that writes them."""

from sqlalchemy import BigInteger, Boolean, Integer, String, Text, Uuid, column, table

from lms.db.base import Json, UnitFraction, UtcDateTime

signing_key = table(
    "signing_key",
    column("id", String),
    column("purpose", String),
    column("state", String),
    column("public_jwk", Json),
    column("x509", Text),
)
log_head = table("log_head", column("size", BigInteger))
log_leaf = table(
    "log_leaf",
    column("index", BigInteger),
    column("kind", String),
    column("commitment", String),
    column("leaf_hash", String),
    column("at", UtcDateTime),
)
log_node = table("log_node", column("level", Integer), column("index", BigInteger), column("hash", String))
log_checkpoint = table(
    "log_checkpoint",
    column("size", BigInteger),
    column("root", String),
    column("note", Text),
    column("key_id", String),
    column("at", UtcDateTime),
)
credential = table(
    "credential",
    column("id", Uuid),
    column("certificate_id", String),
    column("number", Integer),
    column("is_current", Boolean),
    column("state", String),
    column("salt", String),
    column("content", Text),
    column("commitment", String),
    column("leaf_index", BigInteger),
    column("status_list", Integer),
    column("status_index", Integer),
    column("intended_at", UtcDateTime),
    column("document", Text),
    column("jwt", Text),
    column("key_id", String),
    column("document_key_id", String),
    column("signed_at", UtcDateTime),
)
state_change = table(
    "state_change",
    column("certificate_id", String),
    column("number", Integer),
    column("state", String),
    column("reason", Text),
    column("at", UtcDateTime),
    column("salt", String),
    column("commitment", String),
    column("leaf_index", BigInteger),
)
certificate = table(
    "certificate",
    column("id", String),
    column("achievement_version_id", Uuid),
    column("person_id", Uuid),
    column("attempt_id", Uuid),
    column("holder_name", String),
    column("issued_at", UtcDateTime),
    column("valid_until", UtcDateTime),
    column("state", String),
    column("state_reason", String),
    column("score", UnitFraction),
    column("cut_score", UnitFraction),
    column("skills", Json),
)
certificate_file = table(
    "certificate_file",
    column("certificate_id", String),
    column("credential_id", Uuid),
    column("sha256", String),
    column("byte_count", Integer),
)
certificate_review = table("certificate_review", column("certificate_id", String), column("state", String))
achievement_version = table(
    "achievement_version",
    column("id", Uuid),
    column("name", String),
    column("description", Text),
    column("criteria", Text),
)
attempt = table(
    "attempt",
    column("id", Uuid),
    column("person_id", Uuid),
    column("test_version_id", Uuid),
    column("state", String),
    column("score", UnitFraction),
    column("has_passed", Boolean),
)
test_version = table("test_version", column("id", Uuid), column("cut_score", UnitFraction))
outbox_message = table(
    "outbox_message", column("topic", String), column("payload", Json), column("delivered_at", UtcDateTime)
)
