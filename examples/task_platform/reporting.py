"""Telling Assay how gold tasks went. What could not be told stays in the records and is told with the next."""

from task_platform.assay import Assay, AssayIsAway
from task_platform.catalogue import TASKS, find_tier
from task_platform.records import Records


def report_outcomes(records: Records, assay: Assay) -> None:
    """One call for all that waits. The id of the piece of work lets Assay count each once, however often it is told."""
    waiting = records.unreported()
    outcomes = []
    for work in waiting:
        task = TASKS[work["task"]]
        tier = find_tier(task.tier)
        assert tier is not None
        outcomes.append(
            {
                "external_id": work["id"],
                "subject": work["subject"],
                "task_id": task.id,
                "skill": tier.skill,
                "tier": task.tier,
                "kind": "gold",
                "score": float(work["is_right"]),
                "occurred_at": work["done_at"],
            }
        )
    if not outcomes:
        return
    try:
        statuses = assay.report(outcomes)
    except AssayIsAway:
        return
    for external_id, status in statuses.items():
        records.note_report(external_id, status)
