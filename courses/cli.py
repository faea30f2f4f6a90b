"""The command that fills an instance with simulated people."""

from typing import Any

import click
from flask import Flask
from tqdm import tqdm

from courses.operations.demo import simulate_person
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION


@click.command("demo")
@click.option("--people", default=100, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
@click.pass_obj
def demo(app: Flask, people: int, seed: int) -> None:
    """Fill the instance with simulated people of differing ability, through the same operations as real ones."""
    database: Any = app.extensions[EXTENSION]
    now = clock.now()
    made = 0
    for number in tqdm(range(1, people + 1), unit=" people", desc="Simulating"):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            made += simulate_person(session, seed=seed, number=number, at=now)
    click.echo(f"{made} simulated people added, {people - made} were there already (seed {seed}).")
