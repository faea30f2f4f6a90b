"""Makes memberships what Assay says: of everybody at once, or of one person whom a message is about."""

from dataclasses import dataclass

from label_studio.assay import Assay
from label_studio.label_studio import LabelStudio
from label_studio.ledger import Ledger
from label_studio.settings import Settings


@dataclass(frozen=True)
class Plan:
    """What is to be changed in one project."""

    project: int
    add: frozenset[int]
    remove: frozenset[int]


def plan(project: int, *, entitled: set[int], known: set[int], present: set[int]) -> Plan:
    """Who is to be added and removed.

    `known` are the users who are, or were, people at Assay: nobody else is removed, such as the project's managers.
    """
    return Plan(project, frozenset(entitled - present), frozenset((present & known) - entitled))


class Following:
    """Does it. Doing it twice changes nothing the second time."""

    def __init__(self, settings: Settings) -> None:
        self._projects = settings.projects
        self._assay = Assay(settings.assay_url, settings.assay_key)
        self._studio = LabelStudio(settings.label_studio_url, settings.label_studio_token)
        self._ledger = Ledger(settings.ledger)

    def reconcile(self) -> list[Plan]:
        """Everybody, in every project; what was changed. Raises CallFailed; what was done until then stays."""
        people, users = self._assay.people(), self._studio.users()
        user_of = {subject: users[email] for subject, email in people.items() if email in users}
        subject_of = {user: subject for subject, user in user_of.items()}
        plans = []
        for tier, projects in self._projects.items():
            entitled = {user_of[subject] for subject in self._assay.open_to(tier, list(user_of))}
            for project in projects:
                known = set(subject_of) | self._ledger.users(project)
                made = plan(project, entitled=entitled, known=known, present=self._studio.members(project))
                self._carry_out(made, subject_of)
                plans.append(made)
        return plans

    def follow(self, *, subject: str, tier: str, is_open: bool) -> None:
        """One person and one tier. Raises CallFailed, and the message is to come again."""
        user = self._ledger.user_of(subject)
        if user is None and is_open:
            user = self._studio.users().get(self._assay.address(subject))
        if user is None:
            return  # not let in by us, or no user of Label Studio yet: the next reconciliation finds them
        for project in self._projects.get(tier, []):
            present = self._studio.members(project)
            entitled = {user} if is_open else set()
            self._carry_out(plan(project, entitled=entitled, known={user}, present=present), {user: subject})

    def _carry_out(self, made: Plan, subject_of: dict[int, str]) -> None:
        for user in sorted(made.remove):
            self._studio.remove(made.project, user)
            self._ledger.strike(made.project, user)
        for user in sorted(made.add):
            self._ledger.note(made.project, user, subject_of[user])
            self._studio.add(made.project, user)
