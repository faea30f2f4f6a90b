"""Commands about forms: what a test's way of drawing comes to over many people."""

import sys
from typing import Any

import click
from flask import Flask
from tqdm import tqdm

from assessments.domain.exposure import PoolUse, measure_use, parts_of
from assessments.domain.forms import Blueprint, PoolItem
from assessments.domain.simulated_forms import Simulated, simulate_forms
from assessments.queries.pools import get_pool
from assessments.queries.tests import get_test
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION


@click.group("forms")
def forms() -> None:
    """Forms of tests: how evenly the pool is used."""


@forms.command("simulate")
@click.argument("test_slug", metavar="TEST")
@click.option("--forms", "count", type=click.IntRange(min=2), default=10_000, show_default=True, help="Forms to draw.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same figures.")
@click.pass_obj
def simulate(app: Flask, test_slug: str, count: int, seed: int) -> None:
    """Draw forms of TEST from its pool, and hold largest exposure, overlap and pool use against the test's bounds.

    Four in ten people fail and come back while they have tries left; what was shown is counted every 50 forms, as
    the worker does in a busy minute. Nothing is stored. Ends with status 1 when a bound is broken.
    """
    database: Any = app.extensions[EXTENSION]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        test = get_test(session, test_slug)
        pool = get_pool(session, bank=test.bank, floor=test.agreement_floor).items
    done = Simulated()
    drawn = simulate_forms(test.blueprint, pool, forms=count, tries=test.tries, seed=seed)
    for now in tqdm(drawn, total=count, desc="Drawing", unit=" forms", file=sys.stderr):
        done = now
    _tell(test.blueprint, pool, done, seed)
    if not measure_use(test.blueprint, pool, done.exposure).is_within:
        sys.exit(1)


def _tell(blueprint: Blueprint, pool: tuple[PoolItem, ...], done: Simulated, seed: int) -> None:
    whole = measure_use(blueprint, pool, done.exposure)
    click.echo(
        f"{done.forms:,} forms of {blueprint.length} out of {len(whole.items)} items, seed {seed}; "
        f"{done.returned:,} of people who came back and met {_mean(done.seen_again, done.returned)} items a form again."
    )
    click.echo(f"{'':44} items  pool  exposure    cap   overlap  least  bound    used")
    for titles, part in parts_of(blueprint):
        click.echo(_line(" + ".join(titles), part.length, measure_use(part, pool, done.exposure)))
    click.echo(_line("Whole form", blueprint.length, whole))
    click.echo(f"Items drawn beyond their cap, because no other was left: {done.over_cap:,}.")
    if not whole.can_be_judged:
        click.echo("Too few forms to hold against the bounds.")
        return
    for use in whole.over_cap:
        click.echo(
            f"Beyond its cap: {use.item.identifier} stood in {use.share:.1%} of the forms, {use.cap:.1%} is allowed."
        )
    if whole.is_overlap_over:
        click.echo(
            f"Beyond its bound: two forms have {whole.overlap:.1%} in common, {whole.overlap_bound:.1%} is allowed."
        )
    if whole.is_within:
        click.echo("Every bound holds.")


def _line(title: str, length: int, use: PoolUse) -> str:
    largest = use.largest
    exposure = f"{largest.share:>8.1%}{largest.cap:>7.1%}" if largest else f"{'–':>8}{'–':>7}"
    overlap = "–" if use.overlap is None else f"{use.overlap:.1%}"
    return (
        f"{title[:43]:44}{length:>6}{len(use.items):>6}  {exposure}  {overlap:>8}{use.least_overlap:>7.1%}"
        f"{use.overlap_bound:>7.1%}  {use.shown_share:>6.0%}"
    )


def _mean(total: int, count: int) -> str:
    return f"{total / count:.1f}" if count else "no"
