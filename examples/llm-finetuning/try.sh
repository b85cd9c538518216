#!/usr/bin/env sh
# Compiles the example pipeline to Argo YAML, then runs it on this machine. The output is in the folder
# `target/llm-finetuning`.
set -eu
cd "$(dirname "$0")/../.."
out=target/llm-finetuning
mkdir -p "$out"

kfpc() {
    cargo run --quiet --package kfpc -- "$@"
}

kfpc compile --package examples --bin llm-finetuning --image llm-finetuning:1 --python-image python:3.11-slim \
    --output "$out/workflow.yaml"

# The webhook is a secret. With `file:`, the notification is written to a file.
export SLACK_WEBHOOK="file:$PWD/$out/notification.json"
kfpc run --package examples --bin llm-finetuning \
    --store "$out/store" \
    --secret slack/url=env:SLACK_WEBHOOK \
    -p slack_webhook=slack/url \
    -p raw_data_path="$PWD/examples/llm-finetuning/data/support-tickets.csv" \
    -p model_repo="$PWD/$out/models"

echo
echo "Notification ($out/notification.json):"
cat "$out/notification.json"
