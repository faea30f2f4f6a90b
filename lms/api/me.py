"""`GET /me`: what the key that asks is, and what it may do."""

from uuid import UUID

from pydantic import Field

from lms.api.blueprint import lms_api
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.shapes import Instant, Shape


class OrganisationNamed(Shape):
    """The organisation that a key speaks for."""

    id: UUID
    slug: str
    name: str


class KeyShown(Shape):
    """An API key, without its secret."""

    key_id: UUID
    name: str
    prefix: str = Field(description="The part of the key that tells it from others.")
    organisation: OrganisationNamed
    scopes: list[str]
    rate_per_minute: int
    expires_at: Instant


@endpoint(
    lms_api, "GET", "/me", scope=None, summary="What is this key, and what may it do?", answer=KeyShown, tag="Keys"
)
def me() -> KeyShown:
    """Any key may ask. Use it to check a new key, and to see in time when it expires."""
    asking = caller()
    return KeyShown(
        key_id=asking.key_id,
        name=asking.name,
        prefix=asking.prefix,
        organisation=OrganisationNamed(
            id=asking.organisation_id, slug=asking.organisation_slug, name=asking.organisation_name
        ),
        scopes=sorted(asking.scopes),
        rate_per_minute=asking.rate_per_minute,
        expires_at=asking.expires_at,
    )
