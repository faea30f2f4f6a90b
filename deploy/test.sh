#!/bin/sh
# What `make test` runs: the guards, the whole suite on SQLite, and on PostgreSQL again all of it that touches the database,
# with the pure rules, which run once, and with coverage, which takes half as long again. Pages of single items know no
# database either: they run once, on SQLite.
set -eu
bin=.venv/bin
workers=${TEST_WORKERS:-2}
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
rules="assessments/domain certificates/test_credential.py certificates/test_credential_contexts.py"
rules="$rules certificates/test_credential_proofs.py certificates/test_jwt.py certificates/test_independent_verification.py"
$bin/pytest -q -n "$workers" $(printf -- '--ignore=tests/%s ' $rules) "$@"
echo "== the rules, and all that touches the database on PostgreSQL"
without_database="architecture assessments/web_items chaos/test_checker.py chaos/test_power.py"
deploy/with-postgres.sh $bin/pytest -q -n "$workers" --cov --cov-report= -m "not browser or journey" \
    $(printf -- '--ignore=tests/%s ' $without_database) "$@"

echo "== lines covered in domain/, operations/ and queries/"
$bin/coverage report --fail-under=95 --skip-covered --include='*/domain/*,*/operations/*,*/queries/*'
