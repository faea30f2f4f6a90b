"""Commands about entitlements: a decision is explained, by making it again from what was recorded."""

import sys
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import select

from certificates.domain.decision_records import parse_inputs
from certificates.domain.entitlements import Inputs
from certificates.domain.requirement_words import describe, say_missing
from certificates.models.entitlements import EntitlementDecision
from certificates.queries.entitlements import DecisionView, Replay, get_decision, replay
from certificates.queries.tiers import Names, achievement_names
from lms.db.session import Database
from lms.errors import NotFound
from lms.web.transactions import EXTENSION


@click.group("entitlement")
def entitlement() -> None:
    """Decisions about who may do the work of a tier."""


@entitlement.command("explain")
@click.argument("decision_id", type=click.UUID, metavar="DECISION")
@click.pass_obj
def explain(app: Flask, decision_id: UUID) -> None:
    """Say what a decision rests on, and make it again from that.

    Ends with status 1 when it turns out differently now: because the rule has changed since, or the record.
    """
    database: Database = app.extensions[EXTENSION]
    with database.reading(_organisation_of(database, decision_id)) as session:
        decision = get_decision(session, decision_id)
        names = achievement_names(session)
    again = replay(decision)
    for line in (*_told(decision, names), *_replayed(decision, again, names)):
        click.echo(line)
    if again.differences:
        sys.exit(1)


COMMANDS: list[click.Command] = [entitlement]


def _organisation_of(database: Database, decision_id: UUID) -> UUID:
    with database.reading() as session:
        found = session.scalar(select(EntitlementDecision.organisation_id).where(EntitlementDecision.id == decision_id))
    if found is None:
        raise NotFound(f"There is no decision {decision_id}.")
    return found


def _told(decision: DecisionView, names: Names) -> list[str]:
    inputs = parse_inputs(decision.inputs)
    expires = f"until {decision.expires_at:%Y-%m-%d %H:%M:%S} UTC" if decision.expires_at else "until something happens"
    return [
        f"Decision {decision.id}",
        f"  {decision.outcome.value}: person {decision.person_id}, tier {decision.tier}, to {decision.action}",
        f"  made at {decision.at:%Y-%m-%d %H:%M:%S} UTC for {decision.asked_by}, under rule {decision.rule_version}",
        f"  holds {expires}",
        "It rests on",
        *(f"  {line}" for line in _inputs(inputs, names)),
        *(["Missing", *(f"  {say_missing(one, names)}" for one in decision.missing)] if decision.missing else []),
    ]


def _inputs(inputs: Inputs, names: Names) -> list[str]:
    lines = [
        f"account {inputs.account.value}, {'a member' if inputs.is_member else 'no member'},"
        f" the tier {'was open' if inputs.had_it else 'was not open'} before"
    ]
    if inputs.terms is None:
        lines.append("the tier is announced only")
    else:
        lines.append(f"version {inputs.terms.number} asks for {describe(inputs.terms.requirement, names)}")
        lines.extend(
            f"version {one.number}, in grace until {one.grace_until:%Y-%m-%d}: {describe(one.requirement, names)}"
            for one in inputs.terms.earlier
        )
    lines.extend(
        f"certificate {one.id} ({one.organisation.value}/{one.slug}): {one.state.value},"
        f" issued {one.issued_at:%Y-%m-%d}, valid until {one.valid_until:%Y-%m-%d}"
        f"{', under review' if one.is_under_review else ''}"
        for one in inputs.certificates
    )
    lines.extend(
        f"work quality in {one.skill or 'all skills'}: {float(one.estimate):.3f} over {one.tasks} tasks"
        for one in inputs.quality
    )
    lines.extend(f"sanction {one.id} since {one.since:%Y-%m-%d}: {one.reason}" for one in inputs.sanctions)
    return lines


def _replayed(decision: DecisionView, again: Replay, names: Names) -> list[str]:
    if not again.differences:
        return [f"Made again under rule {again.rule_version}: the same."]
    why = (
        "the rule changed since" if again.rule_version != decision.rule_version else "the record does not fit the rule"
    )
    return [
        f"Made again under rule {again.rule_version}: DIFFERENT ({', '.join(again.differences)}); {why}.",
        f"  now {again.outcome.value}",
        *(f"  {say_missing(one, names)}" for one in again.missing),
    ]
