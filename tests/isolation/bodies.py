"""What is sent, so that routes come as far as the object they are asked for; `{name}` stands for a name that is drawn.

A form, JSON for the routes of programs, and the query of a page that is read.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

REASON = "It was found out on Monday, in the harbour."
JSON = {"assessments_candidate.save", "assessments_candidate.pen"}  # beside the API
CHECK = {"subject": "{subject}", "tier": "{tier_slug}", "action": "work"}
BODIES: dict[str, dict[str, Any]] = {
    "assessments_author.decide_on_item": {"do": "return", "comment": REASON, "reason": REASON},
    "assessments_author.decide_on_several": {"do": "submit", "item": "{item_id}"},
    "assessments_author.decide_on_test": {"do": "return", "reason": REASON},
    "assessments_author.retire": {"reason": REASON},
    "assessments_candidate.pen": {"tab": "a-window-of-the-browser", "take": True},
    "assessments_candidate.save": {"response": {"choices": ["b"]}, "sequence": 1},
    "assessments_manager.decide_on_late_answers": {"do": "count", "reason": REASON},
    "assessments_manager.decide_on_regrade": {"do": "withdraw"},
    "assessments_manager.grant": {"time_percent": "150", "break_minutes": "0", "note": REASON, "do": "change"},
    "assessments_manager.end": {"do": "end"},
    "assessments_manager.new_regrade": {"key": "{answer_key_id}"},
    "assessments_manager.propose": {"key": "{answer_key_id}", "reason": REASON},
    "certificates_api.check_entitlement": CHECK,
    "certificates_api.check_many_entitlements": {"subjects": ["{subject}"], "tier": "{tier_slug}", "action": "work"},
    "certificates_api.list_certificates": {"subject": "{subject}"},
    "certificates_api.make_entitlement_token": CHECK,
    "certificates_api.post_outcomes": {
        "outcomes": [
            {
                "external_id": "outcome-1",
                "subject": "{subject}",
                "task_id": "task-1",
                "skill": "splitting",
                "tier": "{tier_slug}",
                "kind": "gold",
                "score": 1,
                "occurred_at": "2026-11-21T10:00:00Z",
            }
        ]
    },
    "certificates_api.reinstate_person": {"reason": REASON},
    "certificates_api.suspend_person": {"tier": None, "reason": REASON},
    "certificates_holder.appeal_suspension": {"grounds": REASON * 3},
    "certificates_holder.ask_for_name": {"text": REASON},
    "certificates_holder.send_appeal": {"text": REASON},
    "certificates_manager.act": {"do": "suspend", "reason": REASON},
    "certificates_manager.decide": {"do": "keep", "reason": REASON},
    "courses_manager.change": {"title": "Autumn", "starts_on": "2026-11-01", "ends_on": "2026-12-01"},
    "lms_sign_in_clients.change": {"name": "Platform", "addresses": "http://127.0.0.1:9000/back"},
    "lms_webhooks.change": {"url": "https://93.184.216.34/hooks", "event_types": "tier.opened"},
    "lms_webhooks.failed_again": {"since": "2026-11-01T00:00"},
    "assessments_api.list_results": {"subject": "{subject}"},
    "members.change_roles": {"role": "candidate"},
    "members.decide_on_import": {"do": "drop"},
    "members.remove": {"reason": REASON},
    "members.switch": {"organisation": "{organisation_id}"},
    "workspace.decide_proposal": {"do": "dismiss", "reason": REASON},
    "workspace.act_on_suspension": {"do": "lift", "reason": REASON},
    "workspace.publish_achievement_version": {
        "name": "Harbour Law Reviewer",
        "description": REASON,
        "criteria": REASON,
        "validity_months": "24",
        "reason": REASON,
        "based_on": "1",
    },
    "workspace.withdraw": {"reason": REASON},
    "workspace.suspend_by_hand": {"tier": "", "reason": REASON},
}


def named_in(endpoint: str) -> set[str]:
    """What is drawn into the body of this route."""
    return set(re.findall(r"\{(\w+)\}", json.dumps(BODIES.get(endpoint, {}))))


def body_of(endpoint: str, values: Mapping[str, str]) -> dict[str, Any]:
    written = json.dumps(BODIES.get(endpoint, {}))
    for name, value in values.items():
        written = written.replace(f"{{{name}}}", value)
    filled: dict[str, Any] = json.loads(written)
    return filled
