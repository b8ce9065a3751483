#!/usr/bin/env bash
# One-row invocations with 16 connections: the model server by itself, and through local AWS's InvokeEndpoint, each beside
# a Kestrel handler that answers a constant, in one run. The model is the demo's. Then XGBoost behind uvicorn, with one
# worker and with one a core, where /usr/bin/python3 has both (python3-xgboost, python3-uvicorn, python3-uvloop,
# python3-httptools), between runs of ours.
# usage: bench/invocations.sh   (needs wrk; ROUNDS, 3, and SECONDS_PER_RUN, 4, change the run)
set -euo pipefail
needs="wrk curl"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$bin/slipway" demo --data "$work/data" >"$work/demo.log" || { cat "$work/demo.log" >&2; exit 1; }
start_aws
peer=
trap 'kill $model $peer 2>/dev/null || true; wait $model $peer 2>/dev/null || true; finish' EXIT
signed='Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/ap-northeast-2/s3/aws4_request, SignedHeaders=host, Signature=0'
archive=$(curl -sf -H "$signed" "$AWS_ENDPOINT_URL/$DATA_BUCKET" | grep -o '<Key>[^<]*model\.tar\.gz' | head -1)
mkdir -p "$work/model"
curl -sf -H "$signed" "$AWS_ENDPOINT_URL/$DATA_BUCKET/${archive#<Key>}" | tar xz -C "$work/model"
SLIPWAY_ML_ROOT=$work SAGEMAKER_BIND_TO_PORT=0 SLIPWAY_BIND_LOOPBACK=1 "$bin/slipway-worker" serve >"$work/model.log" & model=$!
start_empty
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
direct=$(address "$work/model.log") through=$AWS_ENDPOINT_URL/endpoints/$ENDPOINT_NAME
echo "The first round warms all of them up and does not count."
for round in $(seq 0 "${ROUNDS:-3}"); do
  a=$(rate "$nothing") b=$(rate "$direct") c=$(rate "$through")
  awk -v a="$a" -v b="$b" -v c="$c" -v n="$round" -v l="$(load)" \
    'BEGIN { printf "round %d: empty handler %.0f requests/s, model server %.0f (%.2f), InvokeEndpoint %.0f (%.2f), load %s\n", n, a, b, b / a, c, c / a, l }'
done
/usr/bin/python3 -c 'import uvicorn, xgboost' 2>/dev/null || { echo "uvicorn or xgboost is not installed for /usr/bin/python3: left out"; exit 0; }
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for workers in $(printf '1\n%s\n' "$(nproc)" | sort -nu); do
  (cd "$work" && exec /usr/bin/python3 "$root/bench/uvicorn_peer.py" "$port" "$workers") >"$work/peer.log" 2>&1 & peer=$!
  until curl -sf -o "$work/answer" --data-binary '25,1,0,1,0,0,1,1' "http://127.0.0.1:$port/invocations"; do
    kill -0 $peer || { cat "$work/peer.log" >&2; exit 1; }
    sleep 0.2
  done
  rate "http://127.0.0.1:$port" >/dev/null
  b=$(rate "$direct") d=$(rate "http://127.0.0.1:$port") c=$(rate "$through")
  awk -v b="$b" -v c="$c" -v d="$d" -v w="$workers" -v l="$(load)" \
    'BEGIN { printf "uvicorn with XGBoost, %d worker(s): %.0f requests/s; model server %.1f times that, InvokeEndpoint %.1f times, load %s\n", w, d, b / d, c / d, l }'
  kill $peer
  wait $peer 2>/dev/null || true
done
