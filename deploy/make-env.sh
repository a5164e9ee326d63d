#!/bin/sh
# Prints the secrets that docker-compose.yml asks for, freshly made. Use: sh deploy/make-env.sh > .env
set -eu

random() { openssl rand "$1" | openssl base64 -A; }
# Letters and digits only, since passwords stand in connection strings.
password() { openssl rand -hex 24; }

umask 077
cat <<EOF
TENON_MONGODB_PASSWORD=$(password)
TENON_MONGODB_KEY=$(random 96)
TENON_ENCRYPTION_KEYS=k1:$(random 32)
TENON_JWT_SECRET=$(openssl rand -hex 32)
TEMPORAL_POSTGRES_PASSWORD=$(password)
EOF
