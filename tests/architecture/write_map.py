"""Writes docs/map.md: every module with the line that says what it is for."""

from pathlib import Path

from tests.architecture.test_house import FLOORS, MODULES, ROOT, first_line

TITLES = {
    "lms": "lms: the ground",
    "assessments": "assessments: items, tests, attempts, scoring",
    "courses": "courses: courses, lessons, progress",
    "certificates": "certificates: achievements, certificates, tiers",
}


def write_map(target: Path) -> None:
    rule = "Floors from the ground up; a module imports only from its own floor and those below."
    lines = ["# Map of the modules", "", rule, ""]
    for floor in FLOORS:
        lines += [f"## {TITLES[floor]}", "", "| module | what it is for |", "|---|---|"]
        for path in MODULES:
            if path.relative_to(ROOT).parts[0] == floor and path.name != "__init__.py":
                lines.append(f"| `{path.relative_to(ROOT)}` | {first_line(path)} |")
        lines.append("")
    target.write_text("\n".join(lines))


if __name__ == "__main__":
    write_map(ROOT / "docs" / "map.md")
