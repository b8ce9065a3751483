#!/usr/bin/env bash
# From a built start to SageMaker's first answer, and memory when idle: local AWS beside moto_server, in one run.
# usage: bench/start.sh   (moto_server is left out where it is not installed; ROUNDS, 5, changes the run)
set -euo pipefail
needs="curl python3"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# first NAME COMMAND…: starts a server on the port, asks until it answers, prints the time and its memory, and ends it
first() {
  local name=$1 began=$EPOCHREALTIME memory
  shift
  "$@" >"$work/first.log" 2>&1 &
  server=$!
  until curl -sf -o "$work/answer" "http://127.0.0.1:$port/" -X POST -d '{}' \
      -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: SageMaker.ListEndpoints' \
      -H 'Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0'; do
    kill -0 "$server" || { cat "$work/first.log" >&2; exit 1; }
    sleep 0.005
  done
  elapsed=$(awk "BEGIN { print $EPOCHREALTIME - $began }")
  sleep 1
  memory=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")
  printf '%-14s first answer after %.3f s, %d MiB when idle, load %s\n' "$name" "$elapsed" "$memory" "$(load)"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

for _ in $(seq "${ROUNDS:-5}"); do
  first "local AWS" "$bin/slipway" up --port "$port" --data "$work/start"
  ours=$elapsed
  if command -v moto_server >/dev/null; then
    first moto_server moto_server -H 127.0.0.1 -p "$port"
    awk "BEGIN { printf \"%-14s %.2f\n\", \"ratio\", $ours / $elapsed }"
  else
    echo "moto_server is not installed: left out"
  fi
done
