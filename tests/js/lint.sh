#!/bin/sh
# Types of the scripts, from their JSDoc. Needs Node; says so and goes on where there is none.
set -eu
cd "$(dirname "$0")"
if ! command -v npx >/dev/null 2>&1; then
    echo "No npx here: the types of the scripts are not checked."
    exit 0
fi
for config in jsconfig.loader.json jsconfig.frame.json; do
    npx --yes --package typescript@5.9.3 tsc --project "$config"
done
