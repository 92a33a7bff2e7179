#!/usr/bin/env bash
# Lints the OpenAPI documents with Spectral's recommended rules. What npm brings, stays in the user's cache.
set -euo pipefail
cd "$(dirname "$0")"

if command -v sha256sum >/dev/null; then hash=(sha256sum); else hash=(shasum -a 256); fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/edupro/openapi-lint-$("${hash[@]}" package-lock.json | cut -c1-12)
if [ ! -d "$cache" ]; then
  mkdir -p "$(dirname "$cache")"
  staging=$(mktemp -d "$cache.XXXXXX")
  cp package.json package-lock.json "$staging"
  SCARF_ANALYTICS=false npm ci --prefix "$staging" --ignore-scripts --no-audit --no-fund --loglevel=error
  # Beside the target, so that it appears there whole or not at all.
  mv "$staging" "$cache"
fi
SCARF_ANALYTICS=false "$cache/node_modules/.bin/spectral" lint --ruleset spectral.yaml --fail-severity=warn \
  ../edupro.json ../v1.json
