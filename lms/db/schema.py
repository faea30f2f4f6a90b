"""The schema: bringing a database to the newest migration of all packages."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HEAD = "head"


def migration_config(engine: Engine, packages: Sequence[Path]) -> Config:
    """Alembic's configuration: one history whose steps lie in the packages that own the tables."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "newline")
    folders = [str(package / "migrations" / "versions") for package in packages]
    config.set_main_option("version_locations", "\n".join(folders))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, packages: Sequence[Path], *, to: str = HEAD) -> None:
    """Run the migrations that are missing."""
    command.upgrade(migration_config(engine, packages), to)
