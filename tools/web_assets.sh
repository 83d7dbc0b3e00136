#!/usr/bin/env bash
# Makes the pages' style and script from web/ with npm's packages: web_assets.sh FOLDER
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"
out=$1
command -v npm >/dev/null || { echo "web_assets: npm is needed to build the pages: apt-get install nodejs npm" >&2; exit 1; }
exec 9>.lock # builds of several kinds may run at once
flock 9
if ! cmp -s package-lock.json node_modules/.made-from; then
    npm ci --silent
    cp package-lock.json node_modules/.made-from
fi
mkdir -p "$out"
# Deprecations are those of the packages themselves. `map` is read by the page of the map alone.
for name in reeve map; do
    node_modules/.bin/sass --quiet-deps --silence-deprecation=import --no-source-map --style=compressed \
        --load-path=node_modules "style/$name.scss" "$out/$name.css"
    node_modules/.bin/esbuild "script/$name.js" --bundle --minify --format=esm --target=es2020 \
        --legal-comments=eof --log-level=warning --outfile="$out/$name.js"
done
