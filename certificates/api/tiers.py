"""Tiers in the API: what there is, what it pays and what it asks for."""

from certificates.api.blueprint import certificates_api
from certificates.api.entitlement_shapes import RequirementShown, TierShown
from certificates.api.entitlements import get_tier
from certificates.domain.requirement_words import describe
from certificates.domain.requirements import as_json
from certificates.queries.tiers import PUBLIC_PREFIX, Names, TierView, achievement_names, list_all_tiers
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.problems import UnknownTier
from lms.api.scopes import Scope
from lms.web.transactions import reading


@endpoint(
    certificates_api,
    "GET",
    "/tiers",
    scope=Scope.TIERS_READ,
    summary="List tiers",
    query=PageQuery,
    answer=Page[TierShown],
    tag="Tiers",
)
def list_tiers(*, query: PageQuery) -> Page[TierShown]:
    """The tiers of your organisation in their order, then those of the public catalogue."""
    after = read_cursor(query.after, int, int, str)
    with reading() as session:
        tiers = [tier for tier in list_all_tiers(session) if after is None or _place(tier) > after]
        names = achievement_names(session)
    tiers.sort(key=_place)
    return Page[TierShown](**page_of(tiers, limit=query.limit, shape=lambda tier: _shown(tier, names), place=_place))


@endpoint(
    certificates_api,
    "GET",
    "/tiers/<slug>",
    scope=Scope.TIERS_READ,
    summary="Read a tier",
    answer=TierShown,
    refusals=(UnknownTier,),
    parameters={"slug": "Of a tier of your organisation."},
    tag="Tiers",
)
def read_tier(*, slug: str) -> TierShown:
    """A tier of your organisation."""
    return _read(slug)


@endpoint(
    certificates_api,
    "GET",
    "/tiers/public/<slug>",
    scope=Scope.TIERS_READ,
    summary="Read a tier of the public catalogue",
    answer=TierShown,
    refusals=(UnknownTier,),
    parameters={"slug": "Of a tier of the public catalogue."},
    tag="Tiers",
)
def read_public_tier(*, slug: str) -> TierShown:
    """A tier of the public catalogue, which entitlement checks call `public/` and its slug."""
    return _read(f"{PUBLIC_PREFIX}{slug}")


def _read(name: str) -> TierShown:
    with reading() as session:
        return _shown(get_tier(session, name), achievement_names(session))


def _place(tier: TierView) -> tuple[int, int, str]:
    return int(tier.is_foreign), tier.rank, tier.slug


def _shown(tier: TierView, names: Names) -> TierShown:
    terms = tier.terms
    return TierShown(
        name=tier.name,
        title=tier.title,
        domain=tier.domain,
        summary=tier.summary,
        languages=list(tier.languages),
        pay_low=tier.pay_low,
        pay_high=tier.pay_high,
        currency=tier.currency,
        per=tier.per,
        requirement=None
        if terms is None
        else RequirementShown(
            version=terms.number, expression=as_json(terms.requirement), text=describe(terms.requirement, names)
        ),
    )
