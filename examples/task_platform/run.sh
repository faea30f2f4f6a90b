#!/bin/sh
# What `make example` runs: Assay with an organisation of its own in data/example, and the task platform beside it.
# PORT and PLATFORM_PORT change where they answer, EXAMPLE_DIR where the data lies. Ctrl+C ends both.
set -eu
cd "$(dirname "$0")/../.."
bin=$PWD/.venv/bin
port=${PORT:-8000}
platform="http://127.0.0.1:${PLATFORM_PORT:-8100}"
folder=${EXAMPLE_DIR:-$PWD/data/example}
mkdir -p "$folder"
export DATA_DIR="$folder" PORT="$port" BASE_URL="http://127.0.0.1:$port"
# Webhooks to this machine, over plain http: for development alone.
export WEBHOOKS_ALLOW_LOOPBACK=1
unset DATABASE_URL BROKER_URL SMTP_URL || true

"$bin/assay" migrate
"$bin/assay" catalogue load courses/catalogue
settings="$folder/platform.json"
if [ ! -f "$settings" ]; then
    PYTHONPATH="$PWD" "$bin/python" examples/task_platform/prepare.py "$settings" "$platform" | tee "$folder/told.txt"
else
    cat "$folder/told.txt"
fi

PYTHONPATH="$PWD/examples" "$bin/python" -m task_platform "$settings" 2>"$folder/platform.log" &
beside=$!
trap 'kill $beside 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
"$bin/assay" serve --with-worker
