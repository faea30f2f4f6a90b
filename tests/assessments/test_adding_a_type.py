"""Adding an item type means adding its modules and touching nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXTRA = Path(__file__).parent / "extra_type" / "assessments"
PARTS = ("lms", "assessments", "courses", "certificates", "tests", "wsgi.py", "pyproject.toml")


def test_a_type_that_is_laid_into_the_tree_goes_through_the_whole_flow(tmp_path: Path):
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "catalogue"))
        else:
            shutil.copy(source, tmp_path / name)
    laid = [file.relative_to(EXTRA) for file in EXTRA.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    assert not [file for file in laid if (tmp_path / "assessments" / file).exists()], "nothing that is there is touched"
    shutil.copytree(EXTRA, tmp_path / "assessments", dirs_exist_ok=True)

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/assessments/extra_type/flow.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
