#!/usr/bin/env bash
# Counts the instructions of a call while tracing is off, and beside code written by hand while it is on, of a request
# of the layer for HTTP servers beside those of the peers, and of the context of a request beside the SDK, which
# must stay within limits.
# Needs valgrind, and installs it where it is missing and this may.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then
    echo 'installing valgrind'
    apt-get update -qq
    apt-get install -y -qq valgrind
fi
cargo bench --quiet --package otel-benches --bench instructions
