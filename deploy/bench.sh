#!/bin/sh
# What `make bench` runs: attempts and certificates on the databases asked for, then entitlement checks on PostgreSQL: a throwaway
# server that syncs to disk as in production and counts its statements. DATABASES, LEARNERS, LEVELS, CERTIFICATES, PERSONS choose; see benchmarks/README.md.
set -eu
databases=${DATABASES-sqlite,postgresql}
if [ "${1-}" = measure ]; then
    .venv/bin/python -m benchmarks.load \
        --databases "$databases" --learners "${LEARNERS-1,4,16,64}" --levels "${LEVELS-1000,100000}"
    .venv/bin/python -m benchmarks.certificates --databases "$databases" "${CERTIFICATES-200}"
    case $databases in *postgresql*) .venv/bin/python -m benchmarks.entitlements "${PERSONS-1000000}" ;; esac
    exit
fi
case $databases in
    *postgresql*)
        export POSTGRES_SETTINGS="-c shared_buffers=512MB -c max_wal_size=4GB \
-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_utility=on"
        exec deploy/with-postgres.sh "$0" measure ;;
    *) exec "$0" measure ;;
esac
