#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the role that owns Attune's tables, no superuser, and its database.
set -eu
: "${ATTUNE_OWNER_PASSWORD:?}"
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --set=password="$ATTUNE_OWNER_PASSWORD" <<'SQL'
CREATE ROLE attune_owner LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE attune OWNER attune_owner;
SQL
