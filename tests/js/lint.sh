#!/bin/sh
# The visitor's scripts and styles, read with the eyes of the oldest browsers that docs/browsers.md promises: types from
# JSDoc, language, names of the browser, styles. Needs Node and npm; says so and goes on where there are none.
set -eu
cd "$(dirname "$0")/../.."
lint=tests/js/lint
if ! command -v npm >/dev/null 2>&1; then
    echo "No npm here: the visitor's scripts are not checked."
    exit 0
fi
# A copy of what was installed is kept beside it; the same list is not installed twice.
if ! cmp -s $lint/package-lock.json $lint/node_modules/installed.json; then
    (cd $lint && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
    cp $lint/package-lock.json $lint/node_modules/installed.json
fi
bin=$lint/node_modules/.bin
for config in tests/js/jsconfig.loader.json tests/js/jsconfig.chat.json tests/js/jsconfig.frame.json; do
    $bin/tsc --project $config
    node $lint/apis.js $config
done
$bin/tsc --noEmit --strict --target ES2018 --lib ES2018,DOM docs/polyphone-api.d.ts docs/webchat-api.d.ts
$bin/eslint --config $lint/eslint.config.js static/widget
$bin/stylelint --config $lint/stylelint.config.js 'static/widget/**/*.css'
