"""The roof: builds the application and the command line out of the four packages."""

import sys
from pathlib import Path

import click
from flask import Flask

import assessments.register
import certificates.register
import courses.register
import lms.register
from lms.config import Settings, read_settings
from lms.errors import Refusal
from lms.web.memory import keep_one_heap, settle_memory
from lms.web.serving import start_companions

HERE = Path(__file__).parent
PACKAGES = {name: HERE / name for name in ("lms", "assessments", "courses", "certificates")}

UPPER_FLOORS = (assessments.register, courses.register, certificates.register)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application; settings come from the environment unless they are given."""
    app = lms.register.make_app(settings or read_settings(), PACKAGES)
    for floor in UPPER_FLOORS:
        floor.register(app)
    return app


def serve_app() -> Flask:
    """The same for a server: what accompanies the pages runs as well. Each process of a server calls this once."""
    app = create_app()
    start_companions(app)
    settle_memory()
    return app


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Assay: courses, qualification tests and certificates for the people who train language models."""
    context.obj = create_app()


for _floor in (lms.register, *UPPER_FLOORS):
    for _command in _floor.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """The console script; a refusal is told in one line and ends with status 1."""
    keep_one_heap()
    try:
        cli(prog_name="assay")
    except Refusal as refusal:
        click.echo(f"assay: {refusal}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
