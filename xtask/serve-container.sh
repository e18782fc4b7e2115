#!/bin/sh
# What a container runs: writes the configuration beside the rooms, with the operators' key of the environment, and
# becomes workerd, so that signals reach it. More arguments are workerd's.
set -eu
umask 077

case ${OPERATOR_KEY:-} in
  *[[:cntrl:]]*)
    echo "error: OPERATOR_KEY has a line break or another control character" >&2
    exit 1
    ;;
esac

# Escaped for a string of JSON, then for what sed puts in.
key=$(printf '%s' "${OPERATOR_KEY:-}" | sed -e 's/["\\]/\\&/g' -e 's/[&\\|]/\\&/g')
sed "s|@OPERATOR_KEY@|$key|" "$(dirname "$0")/wrangler.jsonc" >wrangler.jsonc
exec workerd serve --experimental --socket-addr "http=*:${PORT:-8787}" "$@" wrangler.jsonc
