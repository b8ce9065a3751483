#!/usr/bin/env bash
# S3 of local AWS beside cp: one large file up and down, and many objects of 1 KB. The processor time and the memory are
# the client's.
# usage: bench/s3.sh [MEGABYTES] [OBJECTS]   (1024 and 10000; needs curl)
set -euo pipefail
needs=curl
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
size=${1:-1024} count=${2:-10000}
start_aws
url=$AWS_ENDPOINT_URL/bench
authorization='Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'
request() { timed "$1" curl -sf -H "$authorization" "${@:2}"; }
curl -sf -H "$authorization" -X PUT "$url"

head -c "${size}M" /dev/urandom >"$work/file"
timed "cp and sync, $size MB" sh -ec 'cp "$0/file" "$0/copy"; sync "$0/copy"' "$work"
request "put, $size MB" -T "$work/file" "$url/file"
request "get, $size MB" -o "$work/back" "$url/file"
cmp "$work/file" "$work/back"

head -c 1024 /dev/urandom >"$work/small"
for ((i = 0; i < count; i++)); do printf 'url = "%s/small/%d"\nupload-file = "%s"\noutput = /dev/null\n' "$url" "$i" "$work/small"; done >"$work/puts"
request "put, $count x 1 KB, 16 wide" --no-progress-meter --parallel --parallel-max 16 -K "$work/puts"
request "list a page of 1,000" "$url?list-type=2&prefix=small/"
