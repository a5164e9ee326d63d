#!/bin/sh
# Creates Temporal's databases on PostgreSQL and brings their schema up to date. Reads SQL_* from the environment.
set -eu

schema=/etc/temporal/schema/postgresql/v12

for database in temporal temporal_visibility; do
  case "$database" in
    temporal) versions="$schema/temporal/versioned" ;;
    *) versions="$schema/visibility/versioned" ;;
  esac
  # Both are harmless when the database and its first schema are there.
  temporal-sql-tool --db "$database" create || true
  temporal-sql-tool --db "$database" setup-schema -v 0.0 || true
  temporal-sql-tool --db "$database" update-schema -d "$versions"
done
