#!/usr/bin/env bash
# Chooses the versions of all Python packages anew and writes them, with hashes, to constraints.txt (what the product
# needs) and constraints-dev.txt (the same and what its tests need). One set serves Python 3.11, 3.12 and 3.13, and no
# registry's address is written down. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."

pin() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
        --custom-compile-command "deploy/pins.sh (uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url)" \
        "$@"
}
pin pyproject.toml deploy/pins.in --upgrade -o constraints.txt
pin pyproject.toml deploy/pins.in --extra dev -c constraints.txt --upgrade -o constraints-dev.txt
if grep -n '://' constraints.txt constraints-dev.txt; then
    echo "an address stands in the constraints" >&2
    exit 1
fi
