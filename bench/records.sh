#!/usr/bin/env bash
# PutRecord, GetRecord and BatchGetRecord (10 records) through the API with concurrent clients, beside an empty Kestrel
# handler that takes the same requests.
# Settings: CONNECTIONS (64), SECONDS_PER_RUN (5), ROUNDS (3).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
connections=${CONNECTIONS:-64} seconds=${SECONDS_PER_RUN:-5} rounds=${ROUNDS:-3}
command -v wrk >/dev/null || { echo "records.sh: wrk is missing. Install it, e.g. with: sudo apt-get install wrk" >&2; exit 1; }
command -v curl >/dev/null || { echo "records.sh: curl is missing. Install it, e.g. with: sudo apt-get install curl" >&2; exit 1; }

for project in src/Cli bench/EmptyHandler; do
  dotnet build "$root/$project" -c Release -v q --nologo >&2
done

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# start NAME COMMAND…: leaves the server's address in $address and its process in $pid
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  pids+=("$pid")
  until address=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/$name.log" | head -1) && [ -n "$address" ]; do
    kill -0 "$pid" 2>/dev/null || { cat "$work/$name.log" >&2; exit 1; }
    sleep 0.05
  done
}

# sagemaker OPERATION JSON: its answer is in $work/answer
sagemaker() {
  curl -sS --fail-with-body -o "$work/answer" "$aws" -d "$2" \
    -H 'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0' \
    -H "X-Amz-Target: SageMaker.$1" -H 'Content-Type: application/x-amz-json-1.1' \
    || { cat "$work/answer" >&2; exit 1; }
}

cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# measure NAME ADDRESS PID ROUND OPERATION: one line of figures, and the rate in $rate
measure() {
  local before after result requests micros p99 failed
  before=$(cpu "$3")
  result=$(wrk -t2 -c"$connections" -d"${seconds}s" -s "$root/bench/records.lua" "$2" -- "$4" "$5" | grep '^RESULT ')
  after=$(cpu "$3")
  read -r _ requests micros p99 failed <<<"$result"
  [ "$failed" = 0 ] || { echo "records.sh: $failed of $requests requests to $1 failed" >&2; exit 1; }
  rate=$((requests * 1000000 / micros))
  printf '%-16s %8d requests/s   p99 %8.2f ms   server CPU %6.1f us a request\n' "$1" "$rate" \
    "$(awk "BEGIN { print $p99 / 1000 }")" "$(awk "BEGIN { print ($after - $before) * 1000000 / $(getconf CLK_TCK) / $requests }")"
}

start empty "$root/artifacts/bin/EmptyHandler/release/EmptyHandler"
empty=$address empty_pid=$pid
start aws "$root/artifacts/bin/Cli/release/slipway" up --port 0 --data "$work/data"
aws=$address aws_pid=$pid

definitions=$(printf '{"FeatureName":"%s","FeatureType":"String"},' id time age gender device_type ad_position browsing_history time_of_day click)
sagemaker CreateFeatureGroup '{"FeatureGroupName":"bench","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"time","OnlineStoreConfig":{"EnableOnlineStore":true},"FeatureDefinitions":['"${definitions%,}"']}'

until sagemaker DescribeFeatureGroup '{"FeatureGroupName":"bench"}' && grep -q '"FeatureGroupStatus":"Created"' "$work/answer"; do
  ! grep -q '"FeatureGroupStatus":"CreateFailed"' "$work/answer" || { cat "$work/answer" >&2; exit 1; }
  sleep 0.1
done

echo "$connections connections, $rounds rounds of $seconds s, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for round in $(seq 0 "$rounds"); do
  [ "$round" != 0 ] || echo "Round 0 warms both up and does not count:"
  for operation in PutRecord GetRecord BatchGetRecord; do
    measure 'empty Kestrel' "$empty" "$empty_pid" "$round" "$operation"
    limit=$rate
    measure "$operation" "$aws" "$aws_pid" "$round" "$operation"
    echo "ratio            $(awk "BEGIN { printf \"%.3f\", $rate / $limit }")"
  done
done
