#!/usr/bin/env bash
# A pipeline of 500 trivial steps in 10 layers: what the engine itself takes, durable transitions included, and what a
# step takes beyond its work in a worker process of its own (50 processing jobs of `true`, five at a time).
# usage: bench/orchestration.sh   (needs python3 with boto3)
set -euo pipefail
needs="python3 boto3"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
start_aws
python3 "$(dirname "${BASH_SOURCE[0]}")/orchestration.py"
