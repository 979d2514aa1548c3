#!/bin/sh
# The command line from the checkout: `dist/kedge status`. KEDGE_RUN_DIR names the daemon's directory of sockets.
dist=$(dirname "$(readlink -f "$0")")
exec "$dist/kedged" --cli --qjs "$dist/../build/qjs" --script "$dist/kedge.js" \
  --run-dir "${KEDGE_RUN_DIR:-/run/kedge}" -- "$@"
