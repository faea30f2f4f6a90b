"""Which wrong answers still need the reason why they tempt."""

from collections.abc import Mapping

from assessments.domain.schemas.base import Content, Key
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey
from assessments.domain.schemas.claim_verdict import ClaimVerdictKey, Verdict


def missing_temptations(content: Content, key: Key, temptations: Mapping[str, str]) -> list[str]:
    """The wrong answers without a reason, where wrong answers can be listed: options and verdicts.

    For marked spans and rubric levels they cannot; there one reason at least is asked for.
    """
    if isinstance(content, ChoiceContent) and isinstance(key, ChoiceKey):
        right = frozenset().union(*key.acceptable)
        wrong = [option.id for option in content.options if option.id not in right]
    elif isinstance(key, ClaimVerdictKey):
        wrong = [verdict.value for verdict in Verdict if not key.shares[verdict]]
    else:
        return [] if temptations else ["at least one answer"]
    return [answer for answer in wrong if answer not in temptations]
