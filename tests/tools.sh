#!/bin/sh
# The programs that tests drive and pip does not bring: Chromium, and Node for the modules without a page. Where it may,
# it also brings PostgreSQL and Redis, which tests run in folders of their own, and the browsers of tests/reach (Firefox, WebKitGTK,
# Chromium 72); where it may not, those tests are skipped.
set -eu
cd "$(dirname "$0")"

may_install() { command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; }
install() {
    echo "Installing$1 …"
    [ -n "${updated:-}" ] || apt-get update -qq
    updated=yes
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $1 >/dev/null
}

missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] || missing="$missing chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
if [ -n "$missing" ]; then
    if may_install; then
        install "$missing"
    else
        echo "The tests need:$missing. Debian, as root: apt install$missing. macOS: brew install node, and Chrome." >&2
        exit 1
    fi
fi

more=""
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || more="$more postgresql"
command -v redis-server >/dev/null 2>&1 || more="$more redis-server"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || more="$more firefox-esr"
command -v WebKitWebDriver >/dev/null 2>&1 || more="$more webkit2gtk-driver"
command -v Xvfb >/dev/null 2>&1 || more="$more xvfb"
# Ubuntu has Firefox under another name, as a snap: not having it is no reason to run no test at all.
if [ -n "$more" ] && may_install; then
    install "$more" || echo "Not to be had here, and not tested:$more"
fi

# Turbo and Astro, which put one page in the place of another: tests/browser/test_page_swaps.py.
if ! cmp -s browser/package-lock.json browser/node_modules/installed.json && command -v npm >/dev/null 2>&1; then
    { (cd browser && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) &&
        cp browser/package-lock.json browser/node_modules/installed.json; } ||
        echo "Turbo and Astro are not to be had here, and not tested."
fi

# Chromium 72, packed in 2018 for x86-64 Linux. It uses the system's NSS, which Chromium of today has brought.
if [ ! -e reach/node_modules/chromium-72 ] && [ "$(uname -sm)" = "Linux x86_64" ] && command -v npm >/dev/null 2>&1; then
    echo "Installing Chromium 72 …"
    { (cd reach && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) && node reach/unpack.js; } ||
        echo "Chromium 72 is not to be had here, and not tested."
fi
