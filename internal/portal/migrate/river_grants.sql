-- What the service needs to queue jobs and to work on them.
grant select, insert, update, delete on portal.river_job, portal.river_leader, portal.river_queue to oversikt_portal;
grant usage on sequence portal.river_job_id_seq to oversikt_portal;

-- The service says what the database has not had of the migrations.
grant select on public.oversikt_migration to oversikt_portal;
