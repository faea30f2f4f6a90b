#!/bin/sh
# What `make test` runs: the guards, then the whole suite on SQLite and on PostgreSQL, with coverage of the rules.
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
echo "== the same suite on PostgreSQL"
deploy/with-postgres.sh $bin/pytest -q -n 2 --cov --cov-append --cov-report= "$@"

echo "== lines covered in domain/, operations/ and queries/"
$bin/coverage report --fail-under=95 --skip-covered --include='*/domain/*,*/operations/*,*/queries/*'
