#!/bin/sh
# What `make test` runs: the guards, the whole suite on SQLite, and again on PostgreSQL all of it that touches the database,
# with coverage of the rules. The pages of single items, pure rules and readers of files know no database: they run once.
set -eu
bin=.venv/bin
mkdir -p build
export COVERAGE_FILE="$PWD/build/.coverage"
rm -f build/.coverage*

echo "== guards"
$bin/ruff check .
$bin/ruff format --check --quiet .
$bin/mypy
$bin/lint-imports >build/contracts.txt || { cat build/contracts.txt; exit 1; }
tail -n 2 build/contracts.txt

echo "== the suite on SQLite"
$bin/pytest -q -n 2 --cov --cov-report= "$@"
echo "== all that touches the database, on PostgreSQL"
without_database="architecture assessments/domain assessments/web_items chaos/test_checker.py chaos/test_power.py"
deploy/with-postgres.sh $bin/pytest -q -n 2 --cov --cov-append --cov-report= -m "not browser or journey" \
    $(printf -- '--ignore=tests/%s ' $without_database) "$@"

echo "== lines covered in domain/, operations/ and queries/"
$bin/coverage report --fail-under=95 --skip-covered --include='*/domain/*,*/operations/*,*/queries/*'
