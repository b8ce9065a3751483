#!/usr/bin/env bash
# PutRecord, GetRecord and BatchGetRecord (10 records) through the API with concurrent clients, beside an empty Kestrel
# handler that takes the same requests.
# Settings: CONNECTIONS (64), SECONDS_PER_RUN (5), ROUNDS (3).
set -euo pipefail
needs="wrk curl"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
connections=${CONNECTIONS:-64} seconds=${SECONDS_PER_RUN:-5} rounds=${ROUNDS:-3}

# sagemaker OPERATION JSON: its answer is in $work/answer
sagemaker() {
  curl -sS --fail-with-body -o "$work/answer" "$AWS_ENDPOINT_URL" -d "$2" \
    -H 'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0' \
    -H "X-Amz-Target: SageMaker.$1" -H 'Content-Type: application/x-amz-json-1.1' \
    || { cat "$work/answer" >&2; exit 1; }
}

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# measure NAME ADDRESS PID ROUND OPERATION: one line of figures, and the rate in $rate
measure() {
  local before after result requests micros p99 failed
  before=$(ticks "$3")
  result=$(wrk -t2 -c"$connections" -d"${seconds}s" -s "$root/bench/records.lua" "$2" -- "$4" "$5" | grep '^RESULT ')
  after=$(ticks "$3")
  read -r _ requests micros p99 failed <<<"$result"
  [ "$failed" = 0 ] || { echo "records.sh: $failed of $requests requests to $1 failed" >&2; exit 1; }
  rate=$((requests * 1000000 / micros))
  printf '%-16s %8d requests/s   p99 %8.2f ms   server CPU %6.1f us a request\n' "$1" "$rate" \
    "$(awk "BEGIN { print $p99 / 1000 }")" "$(awk "BEGIN { print ($after - $before) * 1000000 / $(getconf CLK_TCK) / $requests }")"
}

start_empty
start_aws

definitions=$(printf '{"FeatureName":"%s","FeatureType":"String"},' id time age gender device_type ad_position browsing_history time_of_day click)
sagemaker CreateFeatureGroup '{"FeatureGroupName":"bench","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"time","OnlineStoreConfig":{"EnableOnlineStore":true},"FeatureDefinitions":['"${definitions%,}"']}'

until sagemaker DescribeFeatureGroup '{"FeatureGroupName":"bench"}' && grep -q '"FeatureGroupStatus":"Created"' "$work/answer"; do
  ! grep -q '"FeatureGroupStatus":"CreateFailed"' "$work/answer" || { cat "$work/answer" >&2; exit 1; }
  sleep 0.1
done

echo "$connections connections, $rounds rounds of $seconds s, $(nproc) cores, load $(load)"
for round in $(seq 0 "$rounds"); do
  [ "$round" != 0 ] || echo "Round 0 warms both up and does not count:"
  for operation in PutRecord GetRecord BatchGetRecord; do
    measure 'empty Kestrel' "$nothing" "$empty" "$round" "$operation"
    limit=$rate
    measure "$operation" "$AWS_ENDPOINT_URL" "$server" "$round" "$operation"
    echo "ratio            $(awk "BEGIN { printf \"%.3f\", $rate / $limit }")"
  done
done
