#!/bin/sh
# Runs a command against a throwaway PostgreSQL: with-postgres.sh COMMAND…
# TEST_DATABASE_URL names the server, as a plain role that owns the databases it makes: row-level security holds for it, which
# it does not for TEST_SUPERUSER_URL. The server is gone when the command ends. PostgreSQL refuses to run as root,
# so root hands it to the user postgres. POSTGRES_SETTINGS are options of the server; unless it is set, nothing is synced
# to disk, because nothing here outlives the command.
set -eu

bin=$(dirname "$(find /usr/lib/postgresql -name initdb 2>/dev/null | sort -V | tail -n 1)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed; on Debian: apt-get install postgresql" >&2; exit 1; }

unsynced="-c fsync=off -c full_page_writes=off"

as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    as_owner() { runuser -u postgres -- "$@"; }
fi

folder=$(as_owner mktemp -d /tmp/assay-postgres.XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

stop() {
    (cd / && as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

(
    cd /
    as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start \
        -o "-p $port -c listen_addresses=127.0.0.1 -k $folder -c max_connections=200 ${POSTGRES_SETTINGS-$unsynced}" >/dev/null
)
# Triggers are switched off to empty databases between tests, and to see that changes by hand are found.
"$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -q postgres <<SQL
CREATE ROLE assay LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
GRANT pg_monitor TO assay;
GRANT SET ON PARAMETER session_replication_role TO assay;
SQL
export TEST_SUPERUSER_URL="postgresql+psycopg://postgres@127.0.0.1:$port/postgres"
TEST_DATABASE_URL="postgresql+psycopg://assay@127.0.0.1:$port/postgres" "$@"
