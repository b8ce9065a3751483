# Shared by the benchmarks: what a machine must have, builds, a work folder, a local AWS of its own, an empty handler beside it,
# and commands with their time, processor time and memory. $needs names the programs, beside time, that a benchmark asks for.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=$root/artifacts/bin/Cli/release
peers=$root/artifacts/bin/Peers/release/Peers
work=$(mktemp -d)
server= empty=
finish() {
  local pid
  for pid in $server $empty; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
missing() { echo "$1 is missing. Install it, e.g. with: $2" >&2; exit 1; }
[ -x /usr/bin/time ] || missing time "sudo apt-get install time"
for program in ${needs:-}; do
  if [ "$program" = boto3 ]; then python3 -c 'import boto3' 2>/dev/null || missing "boto3 for python3" "pip install boto3"
  else command -v "$program" >/dev/null || missing "$program" "sudo apt-get install $program"; fi
done
for project in src/Cli bench/Peers; do dotnet build "$root/$project" -c Release -v q --nologo -clp:NoSummary >&2; done
load() { cut -d' ' -f1 /proc/loadavg; }

# timed NAME COMMAND…: prints a line; leaves $elapsed and $cpu in seconds, $memory in MiB, and the output in $work/output
timed() {
  local name=$1 user system
  shift
  /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/output" 2>"$work/errors" || { cat "$work/output" "$work/errors" >&2; exit 1; }
  read -r elapsed user system memory < <(tail -1 "$work/time")
  cpu=$(awk "BEGIN { print $user + $system }") memory=$((memory / 1024))
  printf '%-34s %7.2f s   processor %7.2f s   %5d MiB   load %s\n' "$name" "$elapsed" "$cpu" "$memory" "$(load)"
}

ratio() { awk "BEGIN { printf \"%-34s elapsed %.2f, processor time %.2f\n\", \"$1\", $2 / $4, $3 / $5 }"; }

# starts local AWS, and exports where it is
start_aws() {
  "$bin/slipway" up --port 0 --data "$work/data" >"$work/up.log" 2>&1 &
  server=$!
  until grep -q 'export AWS_DEFAULT_REGION' "$work/up.log"; do kill -0 "$server" || { cat "$work/up.log" >&2; exit 1; }; sleep 0.05; done
  eval "$(grep export "$work/up.log")"
  eval "$("$bin/slipway" setup)"
}

# starts a Kestrel handler that answers a constant: its process in $empty, its address in $nothing
start_empty() {
  dotnet build "$root/bench/EmptyHandler" -c Release -v q --nologo -clp:NoSummary >&2
  "$root/artifacts/bin/EmptyHandler/release/EmptyHandler" >"$work/empty.log" & empty=$!
  until [ -s "$work/empty.log" ]; do kill -0 "$empty" || exit 1; sleep 0.05; done
  nothing=$(sed -n '1s/^Listening on //p' "$work/empty.log")
}

# sample ROWS: made-up data in $work/sample.csv
sample() { "$bin/slipway" sample --rows "$1" --seed 7 --output "$work/sample.csv" >/dev/null; }

# folder VERB INPUT=FOLDER…: a folder that stands for a processing job's /opt/ml, in $ml
folder() {
  ml=$work/$1
  rm -rf "$ml"
  mkdir -p "$ml/processing/input/specification" "$ml/processing/output"
  cp "$root/template/data-set.yaml" "$ml/processing/input/specification/specification.yaml"
  local input
  for input in "${@:2}"; do ln -s "$work/${input#*=}" "$ml/processing/input/${input%%=*}"; done
}

# train_folder: the training job's /opt/ml over what preprocess wrote, with the hyperparameters in $1
train_folder() {
  ml=$work/train
  rm -rf "$ml"
  mkdir -p "$ml/input/data" "$ml/input/config"
  for channel in train validation encoder; do ln -s "$work/preprocess/processing/output/$channel" "$ml/input/data/$channel"; done
  echo '{"train":{},"validation":{},"encoder":{}}' >"$ml/input/config/inputdataconfig.json"
  echo "$1" >"$ml/input/config/hyperparameters.json"
}

# with the settings that local AWS gives a job
worker() { DOTNET_TieredPGO=0 SLIPWAY_ML_ROOT=$ml "$bin/slipway-worker" "$@"; }
export -f worker
