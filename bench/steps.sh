#!/usr/bin/env bash
# extract, validate, preprocess and evaluate on made-up rows, each as its own process, with time and peak memory (limit:
# 1 GiB), beside DuckDB by itself on the same reads and writes. Not counted: the load of the rows and a small training.
# usage: bench/steps.sh [ROWS]   (1000000; ROUNDS, 4, of ours and DuckDB in turn)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1:-1000000}
start_aws
sample "$rows"
"$bin/slipway" ingest --csv "$work/sample.csv" --bulk --offline-only >/dev/null
add() { total=$(awk "BEGIN { print $total + $elapsed }") total_cpu=$(awk "BEGIN { print $total_cpu + $cpu }"); }
step() { timed "$1" bash -c 'worker "$@"' bash "$@"; add; }
export bin ml FEATURE_GROUP_NAME=ad-click-feature-group
ours() {
  total=0 total_cpu=0
  folder extract; step extract --source offline-store
  folder validate data=extract/processing/output/data; step validate
  folder preprocess data=extract/processing/output/data; step preprocess
  ours=$total ours_cpu=$total_cpu
}

# the same reads and writes: the store to one file; every column's summary; the split into three files
offline=$(find "$work/data" -name '*.parquet' -path '*offline-store*' -print -quit)
if [ -n "$offline" ]; then offline="$(dirname "$offline")/*.parquet"; else
  mkdir "$work/offline"
  aws_list=$(find "$work/data" -type f -size +100k)
  for file in $aws_list; do [ "$(head -c4 "$file")" != PAR1 ] || ln -s "$file" "$work/offline/$(basename "$file").parquet"; done
  offline="$work/offline/*.parquet"
fi
columns='record_id, event_time, id, age, gender, device_type, ad_position, browsing_history, time_of_day, click'
cat >"$work/extract.sql" <<SQL
COPY (SELECT $columns FROM read_parquet('$offline')) TO '$work/duck.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1);
SQL
# data.parquet's contract asks for the identifiers' order, which the plain copy does not write
cat >"$work/sorted.sql" <<SQL
COPY (SELECT $columns FROM read_parquet('$offline') ORDER BY record_id) TO '$work/duck-sorted.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1);
SQL
cat >"$work/validate.sql" <<SQL
SUMMARIZE SELECT * FROM read_parquet('$work/duck.parquet');
SQL
part="hash(id) % 20"
encoded="age::FLOAT, $(for c in gender device_type ad_position browsing_history time_of_day; do printf '(hash(%s) %% 8)::FLOAT AS %s, ' "$c" "$c"; done) (age IS NOT NULL)::FLOAT AS age_known, (gender IS NOT NULL)::FLOAT AS gender_known, click::FLOAT AS label, id, record_id"
for range in "0 13 train" "14 16 validation" "17 19 test"; do
  read -r from to name <<<"$range"
  echo "COPY (SELECT $encoded FROM read_parquet('$work/duck.parquet') WHERE $part BETWEEN $from AND $to) TO '$work/duck-$name.parquet' (FORMAT parquet);"
done >"$work/preprocess.sql"
duck() {
  total=0 total_cpu=0
  timed "DuckDB, as extract" "$peers" sql "$work/extract.sql"; add
  plain=$elapsed plain_cpu=$cpu
  for name in validate preprocess; do timed "DuckDB, as $name" "$peers" sql "$work/$name.sql"; add; done
  ratio "all three, ours over DuckDB's" "$ours" "$ours_cpu" "$total" "$total_cpu"
  timed "DuckDB, as extract, sorted" "$peers" sql "$work/sorted.sql"
  ratio "all three, over DuckDB's, sorted" "$ours" "$ours_cpu" \
    "$(awk "BEGIN { print $total - $plain + $elapsed }")" "$(awk "BEGIN { print $total_cpu - $plain_cpu + $cpu }")"
}
# the first round finds local AWS and the files cold
for round in $(seq "${ROUNDS:-4}"); do echo "round $round"; ours; duck; done

train_folder '{"num_boost_round":"20"}'; worker train >/dev/null
tar czf "$work/model.tar.gz" -C "$ml/model" .
mkdir "$work/model" && mv "$work/model.tar.gz" "$work/model/"
output=preprocess/processing/output
folder evaluate model=model train=$output/train validation=$output/validation test=$output/test split=$output/split; step evaluate
