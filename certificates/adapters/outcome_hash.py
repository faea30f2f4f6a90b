"""The hash of outcomes: what was accepted in one call, so that a later change is noticed."""

import hashlib
from collections.abc import Iterable

from certificates.adapters.canonical_json import canonical
from certificates.domain.log_leaves import instant
from certificates.domain.outcomes import Outcome


def hash_of(outcomes: Iterable[Outcome]) -> str:
    """SHA-256 of these outcomes as canonical JSON, by their ids."""
    listed = [
        [
            one.external_id,
            str(one.person_id),
            one.task_id,
            one.skill,
            one.tier,
            one.kind.value,
            str(one.score),
            instant(one.occurred_at),
        ]
        for one in sorted(outcomes, key=lambda one: one.external_id)
    ]
    return hashlib.sha256(canonical(listed)).hexdigest()
