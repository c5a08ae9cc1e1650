#!/bin/sh
# Run once by the image of PostgreSQL, in the new database: the role that the service connects as.
# Its rights come with the migrations.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat "${SECRETS:-/run/secrets}/portal-role-password")" \
	-U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-portal}" <<-'SQL'
	create role oversikt_portal login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password :'password';
SQL
