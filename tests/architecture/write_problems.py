"""Writes the table of `docs/api.md`: every type of problem that the API can answer with.

Run with `.venv/bin/python -m tests.architecture.write_problems`.
"""

import tempfile
from pathlib import Path

from flask import Flask

from lms.api.problem_types import list_problem_types
from lms.config import Settings
from wsgi import create_app

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
BEGIN, END = "<!-- problems -->\n", "<!-- end -->"


def table(app: Flask) -> str:
    """The table as it is to stand in the page."""
    lines = [f"| `{each.code}` | {each.status} | {each.title} |" for each in list_problem_types(app)]
    return "\n".join(["| type | status | what it means |", "|---|---|---|", *lines, ""])


def written(page: str, app: Flask) -> str:
    """The page with the table of this application."""
    head, _, rest = page.partition(BEGIN)
    return head + BEGIN + table(app) + END + rest.partition(END)[2]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/assay.db"
        app = create_app(
            Settings(data_dir=Path(folder), database_url=url, base_url="http://127.0.0.1:8000", secret_key="-")
        )
        PAGE.write_text(written(PAGE.read_text(), app))
