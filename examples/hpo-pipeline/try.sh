#!/usr/bin/env sh
# Runs both searches of the example on this machine. The output is in the folder
# `target/hpo-pipeline`.
set -eu
cd "$(dirname "$0")/../.."
out=target/hpo-pipeline

kfpc() {
    cargo run --quiet --package kfpc -- "$@"
}

for pipeline in hpo-pipeline random-search; do
    kfpc run --package examples --bin hpo-pipeline \
        --pipeline "$pipeline" \
        --store "$out/store" \
        -p raw_data_path="$PWD/examples/hpo-pipeline/data/tumours.csv"
done
