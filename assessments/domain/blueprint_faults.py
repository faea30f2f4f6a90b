"""Finds what is wrong with a blueprint beside its numbers: unknown items, contradictions, bounds that cannot hold."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assessments.domain.drawing import draw_form, make_supply
from assessments.domain.exposure import even_shares, least_overlap
from assessments.domain.forms import Blueprint, PoolItem, PoolTooSmall


@dataclass(frozen=True, slots=True)
class BlueprintFault:
    """A fault, and the entry of the test that has it: its key, and the item or the number of the set (from 0)."""

    place: tuple[str | int, ...]
    message: str


def blueprint_faults(
    blueprint: Blueprint, pool: Collection[PoolItem], *, pilots: Collection[PoolItem] = ()
) -> Iterator[BlueprintFault]:
    """What bars a blueprint that its numbers do not bar; `pilots` may be named in never_together as well."""
    known = {item.identifier: item for item in pool}
    named = known.keys() | {item.identifier for item in pilots}
    faults = [*_include_faults(blueprint, known), *_apart_faults(blueprint, named)]
    yield from faults
    if faults:
        return
    try:
        draw_form(make_supply(blueprint, pool), seed=0)
    except PoolTooSmall as fault:
        place = "never_together" if blueprint.never_together else "must_include" if blueprint.must_include else ""
        yield BlueprintFault((place or "sections",), f"no form is possible: {fault}")
        return
    yield from _bound_faults(blueprint, pool)


def _include_faults(blueprint: Blueprint, known: dict[str, PoolItem]) -> Iterator[BlueprintFault]:
    here = ("must_include",)
    kinds = {section.kind for section in blueprint.sections}
    room: Counter[tuple[str, str]] = Counter()
    for section in blueprint.sections:
        room[section.kind] += section.count
    for identifier in sorted(blueprint.must_include):
        item = known.get(identifier)
        if item is None:
            yield BlueprintFault((*here, identifier), f"{identifier} is not among the items that forms are drawn from")
        elif item.kind not in kinds:
            yield BlueprintFault(
                (*here, identifier), f"{identifier} fits no section: its skill is {item.skill}, its type {item.type}"
            )
        else:
            room[item.kind] -= 1
    for (skill, type_name), left in room.items():
        if left < 0:
            yield BlueprintFault(
                here,
                f"{-left} too many for the sections of skill {skill} and type {type_name}: they cannot all stand there",
            )


def _apart_faults(blueprint: Blueprint, named: Collection[str]) -> Iterator[BlueprintFault]:
    for number, group in enumerate(blueprint.never_together):
        here = ("never_together", number)
        for identifier in sorted(group.difference(named)):
            yield BlueprintFault(here, f"{identifier} is not among the items that forms are drawn from")
        both = sorted(group & blueprint.must_include)
        if len(both) > 1:
            yield BlueprintFault(here, f"{' and '.join(both)} stand in must_include, so that they always meet")


def _bound_faults(blueprint: Blueprint, pool: Collection[PoolItem]) -> Iterator[BlueprintFault]:
    """A bound below what even use of the pool comes to cannot be kept by any way of drawing."""
    even = even_shares(blueprint, pool)
    most = max(even, key=lambda band: even[band], default=None)
    if blueprint.cap is not None and most is not None and even[most] > blueprint.cap:
        (skill, type_name), difficulty = most
        yield BlueprintFault(
            ("exposure", "cap"),
            f"a cap of {blueprint.cap:g} cannot be kept: the pool has so few {difficulty} items of skill {skill} and "
            f"type {type_name} that each stands in {even[most]:.1%} of the forms at the least",
        )
    least = least_overlap(blueprint, pool)
    if blueprint.overlap is not None and least > blueprint.overlap:
        yield BlueprintFault(
            ("exposure", "overlap"),
            f"a mean overlap of {blueprint.overlap:g} cannot be kept: with this pool it is {least:.1%} at the least",
        )
