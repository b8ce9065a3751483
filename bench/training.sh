#!/usr/bin/env bash
# Trains on made-up rows beside LightGBM through its C API alone, on the same matrix, with the same parameters and the same
# number of trees, with and without validation rows; whole processes, reading and writing included. Ours trains rows that
# repeat once, by weight; with bagging it can't, and the trees must be LightGBM's own. Before that from the CSV to
# model.tar.gz; last XGBoost hist and scikit-learn's HistGradientBoosting where the machine's /usr/bin/python3 has them.
# usage: bench/training.sh [ROWS] [TREES]   (1428572, which leaves 1,000,000 to train on, and 100)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1:-1428572} trees=${2:-100}
export bin ml
# LightGBM runs as its users run it. GNU OpenMP's threads then spin while they wait, which is the fastest on a quiet
# machine, and several times as slow on a busy one: OMP_WAIT_POLICY=passive and GOMP_SPINCOUNT hold for both sides.
sample "$rows"
mkdir "$work/csv" && mv "$work/sample.csv" "$work/csv/"
path=0
step() { timed "$1" bash -c 'worker "$@"' bash "$@"; path=$(awk "BEGIN { print $path + $elapsed }"); }
folder extract csv=csv; step extract --source csv
folder preprocess data=extract/processing/output/data; step preprocess
train_folder "{\"num_leaves\":\"31\",\"num_boost_round\":\"$trees\",\"early_stopping_rounds\":\"0\"}"
output=$work/preprocess/processing/output
step train
timed "tar czf model.tar.gz" tar czf "$work/model.tar.gz" -C "$ml/model" .
awk "BEGIN { printf \"CSV to model.tar.gz                %7.2f s\n\", $path + $elapsed }"
beside_lightgbm() {
  for round in 1 2; do
    timed "train, round $round" bash -c 'worker train'
    ours=$elapsed ours_cpu=$cpu
    tail -1 "$work/output"
    timed "LightGBM, round $round" "$peers" lightgbm "$output/train/train.parquet" "$output/validation/validation.parquet" "$ml/model/training.json" "$work/bare.txt"
    cat "$work/output"
    ratio "ours over LightGBM's" "$ours" "$ours_cpu" "$elapsed" "$cpu"
    timed "LightGBM, no validation rows" "$peers" lightgbm "$output/train/train.parquet" none "$ml/model/training.json" "$work/alone.txt"
    ratio "ours over that" "$ours" "$ours_cpu" "$elapsed" "$cpu"
  done
}
beside_lightgbm
mkdir "$work/model" && mv "$work/model.tar.gz" "$work/model/"
echo "With bagging:"
train_folder "{\"num_leaves\":\"31\",\"num_boost_round\":\"$trees\",\"early_stopping_rounds\":\"0\",\"bagging_fraction\":\"0.9\"}"
beside_lightgbm
grep -v feature_names "$work/bare.txt" | sed '/^end of trees/q' >"$work/theirs"
grep -v feature_names "$ml/model/model.txt" | sed '/^end of trees/q' >"$work/ours"
cmp -s "$work/ours" "$work/theirs" && echo "The trees are the same." || echo "The trees differ."
for part in train test; do "$peers" matrix "$output/$part/$part.parquet" "$work/$part"; done
for peer in xgboost sklearn; do
  /usr/bin/python3 -c "import $peer" 2>/dev/null || { echo "$peer is not installed for /usr/bin/python3"; continue; }
  timed "$peer" /usr/bin/python3 "$root/bench/peers.py" "$peer" "$work" "$trees"
  cat "$work/output"
done
/usr/bin/python3 -c 'import sklearn' 2>/dev/null || exit 0
folder evaluate model=model train=preprocess/processing/output/train validation=preprocess/processing/output/validation test=preprocess/processing/output/test split=preprocess/processing/output/split
worker evaluate | tail -1
