"""Effective keys: which key an attempt is scored with, given the key that it was drawn with and the regrades since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class KeyChange(Generic[Key]):
    """One committed regrade: what is scored with `old` is scored with `new` from then on; None drops the question."""

    old: Key
    new: Key | None


@dataclass(frozen=True, slots=True)
class EffectiveKey(Generic[Key]):
    """The key that counts; where the question is dropped, the last one that did."""

    key: Key
    is_dropped: bool = False


def effective_key(pinned: Key, changes: Iterable[KeyChange[Key]]) -> EffectiveKey[Key]:
    """Return the key that counts after these changes, in the order in which they were committed.

    They are applied one after the other, so a repair of a repair holds, and one that returns to the first key as well.
    A dropped question stays dropped.
    """
    key = pinned
    for change in changes:
        if key != change.old:
            continue
        if change.new is None:
            return EffectiveKey(key, is_dropped=True)
        key = change.new
    return EffectiveKey(key)


def pinned_keys(counting: Key, known: Iterable[Key], changes: Sequence[KeyChange[Key]]) -> tuple[Key, ...]:
    """Return those of the known keys that count as this one after these changes, and are not dropped."""
    return tuple(key for key in known if effective_key(key, changes) == EffectiveKey(counting))
