#!/usr/bin/env bash
# CodePipeline's engine: from `git push` returning to the first action running, what 20 trivial actions take in a row and
# side by side, and 50 pushes in a row in SUPERSEDED mode, which must end with the last commit deployed.
# usage: bench/pipelines.sh   (needs git, and python3 with boto3)
set -euo pipefail
needs="git python3 boto3"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
start_aws
WORK=$work python3 "$(dirname "${BASH_SOURCE[0]}")/pipelines.py"
