#!/usr/bin/env bash
# Loads made-up rows into local AWS: by --bulk into the offline store alone, beside DuckDB that makes Parquet of the same
# CSV by itself, and a part of them by PutRecord. Prints rates and the peak memory of both processes (limit: 1 GiB).
# usage: bench/ingest.sh [ROWS] [ROWS_BY_PUT]   (1000000 and 50000)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1:-1000000} put=${2:-50000}
# as ./slipway sets it for a load, which this runs without
load_rows() { DOTNET_TieredPGO=0 timed "$1" "$bin/slipway" ingest "${@:2}"; }
start_aws
server_memory() { echo "local AWS's peak so far              $(awk '/VmHWM/ { printf "%d MiB", $2 / 1024 }' "/proc/$server/status")"; }
sample "$rows"
load_rows "ingest --bulk --offline-only, $rows" --csv "$work/sample.csv" --bulk --offline-only
grep 'rows/s' "$work/output"
ours=$elapsed ours_cpu=$cpu
server_memory
cat >"$work/load.sql" <<SQL
COPY (SELECT * EXCLUDE (full_name) FROM read_csv('$work/sample.csv', header = true)) TO '$work/duck.parquet' (FORMAT parquet);
SQL
timed "DuckDB, CSV to Parquet, $rows" "$peers" sql "$work/load.sql"
ratio "ours over DuckDB's" "$ours" "$ours_cpu" "$elapsed" "$cpu"
[ "$put" != 0 ] || exit 0
sample "$put"
load_rows "ingest by PutRecord, $put" --csv "$work/sample.csv" --feature-group put-group
grep 'rows/s' "$work/output"
server_memory
