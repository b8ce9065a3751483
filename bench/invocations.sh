#!/usr/bin/env bash
# One-row invocations with 16 connections: the model server by itself, and through local AWS's InvokeEndpoint, each beside
# a Kestrel handler that answers a constant, in one run. The model is the demo's.
# usage: bench/invocations.sh   (needs wrk; ROUNDS, 3, and SECONDS_PER_RUN, 4, change the run)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
command -v wrk >/dev/null || { echo "wrk is missing. Install it, e.g. with: sudo apt-get install wrk" >&2; exit 1; }
dotnet build "$root/bench/EmptyHandler" -c Release -v q --nologo >&2
"$bin/slipway" demo --data "$work/data" >"$work/demo.log" || { cat "$work/demo.log" >&2; exit 1; }
start_aws
trap 'kill $model $empty 2>/dev/null || true; wait $model $empty 2>/dev/null || true; finish' EXIT
signed='Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/ap-northeast-2/s3/aws4_request, SignedHeaders=host, Signature=0'
archive=$(curl -sf -H "$signed" "$AWS_ENDPOINT_URL/$DATA_BUCKET" | grep -o '<Key>[^<]*model\.tar\.gz' | head -1)
mkdir -p "$work/model"
curl -sf -H "$signed" "$AWS_ENDPOINT_URL/$DATA_BUCKET/${archive#<Key>}" | tar xz -C "$work/model"
SLIPWAY_ML_ROOT=$work SAGEMAKER_BIND_TO_PORT=0 SLIPWAY_BIND_LOOPBACK=1 "$bin/slipway-worker" serve >"$work/model.log" & model=$!
"$root/artifacts/bin/EmptyHandler/release/EmptyHandler" >"$work/empty.log" & empty=$!
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = "25,1,0,1,0,0,1,1"
wrk.headers["Content-Type"] = "text/csv"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=a/20260101/ap-northeast-2/sagemaker/aws4_request, SignedHeaders=host, Signature=0"
LUA
address() { until [ -s "$1" ]; do sleep 0.05; done; sed -n '1s/^Listening on //p' "$1"; }
rate() {
  wrk -t2 -c16 "-d${SECONDS_PER_RUN:-4}s" -s "$work/post.lua" "$1/invocations" >"$work/wrk"
  if grep -q 'Non-2xx' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  awk '/Requests\/sec/ {print $2}' "$work/wrk"
}
direct=$(address "$work/model.log") nothing=$(address "$work/empty.log") through=$AWS_ENDPOINT_URL/endpoints/$ENDPOINT_NAME
echo "The first round warms all of them up and does not count."
for round in $(seq 0 "${ROUNDS:-3}"); do
  a=$(rate "$nothing") b=$(rate "$direct") c=$(rate "$through")
  awk -v a="$a" -v b="$b" -v c="$c" -v n="$round" -v l="$(load)" \
    'BEGIN { printf "round %d: empty handler %.0f requests/s, model server %.0f (%.2f), InvokeEndpoint %.0f (%.2f), load %s\n", n, a, b, b / a, c, c / a, l }'
done
