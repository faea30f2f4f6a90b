#!/bin/sh
# Sees to the packages of the operating system: system-packages.sh run|test
# On Debian and its relatives it installs what is missing; elsewhere it says exactly what to install.
set -eu

# Pango sets the text of certificates; the fonts hold names in Latin, Arabic, Devanagari, Chinese, Japanese, Korean.
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk"
# The tests drive a real browser, a real broker, a real PostgreSQL, and read the PDF back. The headless shell is the same
# browser without windows, and twice as fast; where there is none they drive the browser itself.
if [ "${1:-run}" = test ]; then
    packages="$packages chromium redis-server postgresql poppler-utils qpdf"
    optional="chromium-headless-shell" # the same browser without windows: the tests take half as long
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    if [ "$(uname)" = Darwin ]; then
        python3 -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("pango-1.0"))' && exit 0
        echo "Please install Pango and the fonts, then run this again:" >&2
        echo "    brew install pango && brew install --cask font-noto-serif font-noto-sans-arabic font-noto-sans-devanagari font-noto-serif-cjk-sc" >&2
        [ "${1:-run}" = test ] && echo "and for the tests: brew install redis postgresql@15 poppler qpdf chromium" >&2
        exit 1
    fi
    ldconfig -p 2>/dev/null | grep -q libpango-1.0 && exit 0
    echo "Please install the equivalents of these Debian packages, then run this again:" >&2
    echo "    $packages" >&2
    exit 1
fi

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=""
for package in $packages; do
    is_installed "$package" || missing="$missing $package"
done
# What is not there, is offered, and can be had without asking anybody.
offered() {
    [ "$(id -u)" = 0 ] || return 0
    for package in ${optional-}; do
        is_installed "$package" || ! apt-cache show "$package" >/dev/null 2>&1 || printf ' %s' "$package"
    done
}
[ -z "$missing$(offered)" ] && exit 0

if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
if [ -n "$sudo" ] && ! command -v sudo >/dev/null 2>&1; then
    echo "Please run as root: apt-get install$missing" >&2
    exit 1
fi
$sudo apt-get update -qq
missing="$missing$(offered)"
echo "Installing:$missing"
# shellcheck disable=SC2086  # the list is meant to be split
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
