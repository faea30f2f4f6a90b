#!/bin/sh
# What `make bench` runs: the measurement on the databases asked for, PostgreSQL on a throwaway server that syncs to disk as
# in production and counts its statements. DATABASES, LEARNERS and LEVELS choose; see benchmarks/README.md.
set -eu
databases=${DATABASES-sqlite,postgresql}
measure() {
    "$@" .venv/bin/python -m benchmarks.load \
        --databases "$databases" --learners "${LEARNERS-1,4,16,64}" --levels "${LEVELS-1000,100000}"
}
case $databases in
    *postgresql*)
        export POSTGRES_SETTINGS="-c shared_buffers=512MB -c max_wal_size=4GB \
-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_utility=on"
        measure deploy/with-postgres.sh ;;
    *) measure ;;
esac
