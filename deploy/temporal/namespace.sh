#!/bin/sh
# Creates the namespace, or sets its retention. Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and RETENTION.
set -eu

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS is not healthy after two minutes." >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe >/dev/null 2>&1; then
  temporal operator namespace update --retention "$RETENTION"
else
  temporal operator namespace create --retention "$RETENTION"
fi
