"""The cases of the matrix: every actor, every route, every kind of object, and what the answer must be."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from werkzeug.routing import Rule

from lms.organisations.roles import Role
from lms.web.policy import Policy, policy_of
from tests.isolation.bodies import body_of, named_in
from tests.isolation.parameters import DRAWN, DRAWN_BY, FOR_EVERYBODY, PLAIN, PLAIN_BY, Drawn
from tests.isolation.world import Actor, World

OPEN, SIGN_IN, FORBIDDEN, MISSING, WHATEVER = "open", "sign in", "forbidden", "as if it never was", "any answer"
JUDGED_BY_OBJECT = {OPEN, MISSING, WHATEVER}  # who is refused at the door is so whatever lies behind it
KINDS = ("own", "another's", "gone", "elsewhere", "never")
NOBODY = "00000000-0000-4000-8000-00000000dead"
ELSEWHERE = {"quokka": "zebra", "zebra": "quokka"}


@dataclass(frozen=True, slots=True)
class Case:
    """One request; `twin` is the same one for things that never were."""

    actor: str
    endpoint: str
    method: str
    kinds: tuple[str, ...]
    path: str
    twin: str
    body: dict[str, Any]
    twin_body: dict[str, Any]
    names: tuple[tuple[str, str], ...]  # what stands in the path, and what in the twin's
    expected: str

    def __str__(self) -> str:
        return f"{self.actor}: {self.method} {self.endpoint} ({', '.join(self.kinds) or 'no object'}): {self.expected}"


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of the URL map and one of its methods."""

    rule: Rule
    method: str

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(world: World) -> list[Route]:
    return [
        Route(rule, method)
        for rule in world.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def untold(world: World) -> list[str]:
    """Parameters of routes that no table tells how to make."""
    return sorted(
        f"{route.endpoint}: {argument}"
        for route in routes(world)
        for argument in route.rule.arguments | named_in(route.endpoint)
        if _drawn(route.endpoint, argument) is None and _plain(route.endpoint, argument) is None
    )


def cases_of(world: World, route: Route, actor: Actor) -> Iterator[Case]:
    """This route with every kind of object, called by this actor."""
    names = sorted(route.rule.arguments | named_in(route.endpoint))
    drawn = {name: each for name in names if (each := _drawn(route.endpoint, name))}
    for kinds in product(KINDS, repeat=len(drawn)):
        if _is_of_use(kinds, list(drawn.values())):
            case = _case(world, route, drawn, actor, kinds)
            if case.expected in JUDGED_BY_OBJECT or set(kinds) <= {"own"}:
                yield case


def _is_of_use(kinds: tuple[str, ...], drawn: list[Drawn]) -> bool:
    """Another's object is a case of its own only where it is personal, and only people were here before."""
    fits = {"another's": lambda each: each.is_personal, "gone": lambda each: each.column == "person_id"}
    return all(kind not in fits or fits[kind](each) for kind, each in zip(kinds, drawn, strict=True))


def _case(world: World, route: Route, drawn: dict[str, Drawn], actor: Actor, kinds: tuple[str, ...]) -> Case:
    plain = {name: _plain(route.endpoint, name) or "" for name in route.rule.arguments if name not in drawn}
    tenant = actor.tenant or "quokka"
    values, twins = dict(plain), dict(plain)
    for (name, each), kind in zip(drawn.items(), kinds, strict=True):
        values[name] = _value(world, each, tenant, kind)
        twins[name] = values[name] if kind == "own" and set(kinds) != {"own"} else _never(each)
    return Case(
        actor=actor.name,
        endpoint=route.endpoint,
        method=route.method,
        kinds=kinds,
        path=_path(world, route, values),
        twin=_path(world, route, twins),
        body=body_of(route.endpoint, values),
        twin_body=body_of(route.endpoint, twins),
        names=tuple((values[name], twins[name]) for name in drawn),
        expected=_expected(world, route, list(drawn.values()), actor, kinds),
    )


def _expected(world: World, route: Route, drawn: list[Drawn], actor: Actor, kinds: tuple[str, ...]) -> str:
    policy = policy_of(world.app, route.endpoint)
    if policy is None:
        return FORBIDDEN
    if route.endpoint in FOR_EVERYBODY and policy.is_public:
        return WHATEVER
    refused = _refused(policy, actor, route.method)
    if refused is not None:
        return refused
    if all(kind == "own" for kind in kinds) and (actor.roles or not drawn or not policy.is_public):
        is_theirs = actor.name.endswith("'s candidate") or not any(each.is_personal for each in drawn)
        return OPEN if is_theirs else MISSING
    if any(each.is_personal and kind == "another's" for each, kind in zip(drawn, kinds, strict=True)):
        is_theirs = actor.name.endswith("other candidate") and set(kinds) == {"another's"}
        return WHATEVER if is_theirs else MISSING
    return MISSING


def _refused(policy: Policy, actor: Actor, method: str) -> str | None:
    if policy.is_public:
        return None
    if policy.needs_key:
        return None if actor.key else SIGN_IN
    if not actor.roles:
        return SIGN_IN
    reads_for_managers = method == "GET" and Role.AUDITOR in actor.roles and Role.MANAGER in policy.roles
    return None if policy.roles & actor.roles or reads_for_managers else FORBIDDEN


def _drawn(endpoint: str, argument: str) -> Drawn | None:
    if (endpoint, argument) in PLAIN_BY or (endpoint in FOR_EVERYBODY and argument in PLAIN):
        return None
    blueprint = endpoint.partition(".")[0]
    by = DRAWN_BY.get((endpoint, argument)) or DRAWN_BY.get((blueprint, argument))
    return by or (None if argument in PLAIN else DRAWN.get(argument))


def _plain(endpoint: str, argument: str) -> str | None:
    return PLAIN_BY.get((endpoint, argument)) or PLAIN.get(argument)


def _value(world: World, drawn: Drawn, tenant: str, kind: str) -> str:
    if kind == "never":
        return _never(drawn)
    if kind == "gone":
        return str(world.actors["quokka's ex-member"].person_id)
    owner = world.tenants[ELSEWHERE[tenant] if kind == "elsewhere" else tenant]
    person_id = owner.other_id if kind == "another's" else owner.person_id
    found = world.find(drawn, owner.id, person_id)
    if found is None:
        raise LookupError(f"{owner.canary} has no {drawn.table} where {drawn.where}")
    return found


def _never(drawn: Drawn) -> str:
    """A name of the same form that nothing has."""
    if drawn.table == "certificate":
        return "never-was-0123456789-abcd"[:24]
    return "never-was" if drawn.column in {"slug", "identifier"} else NOBODY


def _path(world: World, route: Route, values: dict[str, Any]) -> str:
    adapter = world.app.url_map.bind("127.0.0.1:8000")
    return adapter.build(route.endpoint, _converted(route.rule, values), method=route.method)


def _converted(rule: Rule, values: dict[str, str]) -> dict[str, Any]:
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    make = {"UUIDConverter": UUID, "IntegerConverter": int}
    return {name: make.get(kinds[name], str)(value) for name, value in values.items() if name in kinds}
