#!/usr/bin/env bash
# One-row invocations with 16 connections: the model server beside a Kestrel handler that answers a constant, in one run.
# usage: bench/model-server.sh MODEL_FOLDER   (a folder with model.txt, encoder.json and training.json; needs wrk)
set -euo pipefail
model=$(realpath "${1:?usage: bench/model-server.sh MODEL_FOLDER}")
root=$(cd "$(dirname "$0")/.." && pwd)
command -v wrk >/dev/null || { echo "wrk is not installed" >&2; exit 1; }
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
ln -s "$model" "$work/model"
dotnet publish "$root/src/Steps" -c Release -o "$work/worker" -v q -nologo >/dev/null
dotnet publish "$root/bench/EmptyHandler" -c Release -o "$work/empty" -v q -nologo >/dev/null
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = "25,1,0,1,0,0,1,1"
wrk.headers["Content-Type"] = "text/csv"
LUA
SLIPWAY_ML_ROOT="$work" SAGEMAKER_BIND_TO_PORT=0 SLIPWAY_BIND_LOOPBACK=1 dotnet "$work/worker/slipway-worker.dll" serve >"$work/ours" &
dotnet "$work/empty/EmptyHandler.dll" >"$work/theirs" &
address() { until [ -s "$1" ]; do sleep 0.05; done; sed -n '1s/^Listening on //p' "$1"; }
ours=$(address "$work/ours"); theirs=$(address "$work/theirs")
rate() {
  local out
  out=$(wrk -t2 -c16 "-d$1" -s "$work/post.lua" "$2/invocations")
  if grep -q 'Non-2xx' <<<"$out"; then echo "$out" >&2; exit 1; fi
  awk '/Requests\/sec/ {print $2}' <<<"$out"
}
rate 3s "$ours" >/dev/null; rate 3s "$theirs" >/dev/null
for round in 1 2 3; do
  a=$(rate 4s "$ours"); b=$(rate 4s "$theirs")
  awk -v a="$a" -v b="$b" -v n="$round" 'BEGIN {printf "round %d: model server %.0f requests/s, empty handler %.0f, ratio %.2f\n", n, a, b, a / b}'
done
