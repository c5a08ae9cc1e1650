-- +goose Up
-- Types and tables are looked up among the temporary ones first where a search_path does not name
-- pg_temp. Whoever connects could put a domain there whose check ran with the owner's rights.
alter function portal.access_log_is_append_only() set search_path = pg_catalog, pg_temp;
alter function portal.create_access_log_month(timestamptz) set search_path = pg_catalog, pg_temp;
alter function portal.drop_access_log_before(date) set search_path = pg_catalog, pg_temp;
alter function portal.retain(text, timestamptz, integer) set search_path = pg_catalog, pg_temp;
alter function portal.power_of_attorney_is_revoked_once() set search_path = pg_catalog, pg_temp;
alter function portal.ended_stays() set search_path = pg_catalog, pg_temp;
