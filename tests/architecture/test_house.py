"""The house: files short and named, each module in the map, floors kept by foreign keys and links."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from lms.db.base import Base
from lms.web.policy import policy_of
from wsgi import create_app

ROOT = Path(__file__).parents[2]
FLOORS = ["lms", "assessments", "courses", "certificates"]
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.html"))


def first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


@pytest.mark.parametrize("path", [*MODULES, ROOT / "wsgi.py"], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_in_one_line_what_it_is_for_and_is_read_in_one_sitting(path: Path):
    assert first_line(path).endswith("."), f"{path} needs a first line that says what it is for"
    assert len(path.read_text().splitlines()) <= 300
    assert path.stem not in {"util", "utils", "helper", "helpers", "common", "misc", "manager"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=lambda p: str(p.parent.name))
def test_a_package_file_holds_a_docstring_only(path: Path):
    assert len(ast.parse(path.read_text()).body) == 1


def test_the_map_lists_every_module_with_its_line():
    listed = (ROOT / "docs" / "map.md").read_text()
    missing = [
        f"{path.relative_to(ROOT)}: {first_line(path)}"
        for path in MODULES
        if path.name != "__init__.py" and f"| `{path.relative_to(ROOT)}` | {first_line(path)} |" not in listed
    ]
    assert not missing, "run `.venv/bin/python -m tests.architecture.write_map`:\n" + "\n".join(missing)


def test_foreign_keys_point_to_the_same_floor_or_one_below(app: Flask):
    floor_of = {
        mapper.local_table.name: FLOORS.index(mapper.class_.__module__.partition(".")[0])
        for mapper in Base.registry.mappers
    }
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            assert floor_of[key.column.table.name] <= floor_of[table.name], f"{table.name} -> {key.column}"


def test_links_point_to_the_same_floor_or_one_below(app: Flask):
    floor_of = {name: FLOORS.index(each.import_name.partition(".")[0]) for name, each in app.blueprints.items()}
    for path in [*MODULES, *TEMPLATES]:
        floor = FLOORS.index(path.relative_to(ROOT).parts[0])
        for blueprint in re.findall(r"url_for\(\s*[\"'](\w+)\.", path.read_text()):
            assert floor_of[blueprint] <= floor, f"{path} links up to {blueprint}"


def test_the_roof_is_imported_by_nobody():
    for path in MODULES:
        assert not re.search(r"^\s*(import|from) wsgi\b", path.read_text(), re.MULTILINE), path


def test_every_route_declares_its_policy(app: Flask):
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None]
    assert not undeclared


def test_a_route_without_a_policy_is_refused(process_settings):
    app = create_app(process_settings)  # a second application, because a running one takes no new routes
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")

    answer = app.test_client().get("/forgotten")

    assert answer.status_code == 403
    assert "open to all" not in answer.text
