"""The work on offer: tiers with what they pay, and tasks whose right answer is known (gold)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """`slug` is the tier's name at Assay; a person may work here exactly when Assay says so."""

    slug: str
    title: str
    summary: str
    cents_a_task: int
    skill: str


@dataclass(frozen=True)
class Task:
    """A claim to judge. `is_true` is known, so the answer tells how well somebody works."""

    id: str
    tier: str
    claim: str
    is_true: bool


TIERS = (
    Tier("checked-claims", "Checked claims", "Say whether a claim about figures is true.", 40, "claims"),
    Tier("hard-claims", "Hard claims", "The same, with figures that take a second look.", 90, "claims"),
)
_UNITS = (("kilometres", "metres", 1000), ("hours", "minutes", 60), ("days", "hours", 24), ("dozen", "pieces", 12))


def _tasks(tier: str, start: int, wrong_by: int) -> list[Task]:
    """Twelve claims for each unit; every other one is wrong."""
    made = []
    for unit, smaller, factor in _UNITS:
        for count in range(start, start + 12):
            is_true = (count + factor) % 2 == 0
            stated = count * factor + (0 if is_true else wrong_by)
            made.append(Task(f"{tier}-{unit}-{count}", tier, f"{count} {unit} are {stated:,} {smaller}.", is_true))
    return made


TASKS = {task.id: task for task in (*_tasks("checked-claims", 2, 7), *_tasks("hard-claims", 113, 4))}


def find_tier(slug: str) -> Tier | None:
    return next((tier for tier in TIERS if tier.slug == slug), None)


def tasks_of(tier: Tier) -> list[Task]:
    return [task for task in TASKS.values() if task.tier == tier.slug]
