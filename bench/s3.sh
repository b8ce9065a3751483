#!/usr/bin/env bash
# S3 of local AWS beside cp: one large file up and down, and many objects of 1 KB. Needs curl.
# usage: bench/s3.sh [MEGABYTES] [OBJECTS]
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-1024} count=${2:-10000} port=${PORT:-45661}
work=$(mktemp -d)
dotnet build src/Cli -c Release -v q -nologo >/dev/null
artifacts/bin/Cli/release/slipway up --port "$port" --data "$work/data" >"$work/up.log" &
server=$!
trap 'kill $server; wait $server 2>/dev/null; rm -rf "$work"' EXIT
url=http://127.0.0.1:$port
authorization='Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'
until curl -sf -H "$authorization" "$url/" -o /dev/null; do kill -0 $server; done
curl -sf -H "$authorization" -X PUT "$url/bench"

timed() { local start end; start=$(date +%s%N); "${@:2}"; end=$(date +%s%N); printf '%-28s %8.2f s\n' "$1" "$(echo "($end - $start) / 1000000000" | bc -l)"; }
head -c "${size}M" /dev/urandom >"$work/file"
copy() { cp "$work/file" "$work/copy"; sync "$work/copy"; }
timed "cp and sync, $size MB" copy
timed "put, $size MB" curl -sf -H "$authorization" -T "$work/file" "$url/bench/file"
timed "get, $size MB" curl -sf -H "$authorization" "$url/bench/file" -o "$work/back"
cmp "$work/file" "$work/back"

head -c 1024 /dev/urandom >"$work/small"
for ((i = 0; i < count; i++)); do printf 'url = "%s/bench/small/%d"\nupload-file = "%s"\noutput = /dev/null\n' "$url" "$i" "$work/small"; done >"$work/puts"
timed "put, $count x 1 KB, 16 wide" curl -sf --no-progress-meter --parallel --parallel-max 16 -H "$authorization" -K "$work/puts" 2>"$work/progress"
timed "list a page of 1,000" curl -sf -H "$authorization" "$url/bench?list-type=2&prefix=small/" -o /dev/null
