-- What the service needs to queue jobs and to work on them.
grant select, insert, update, delete on portal.river_job, portal.river_leader, portal.river_queue to oversikt_portal;
grant usage on sequence portal.river_job_id_seq to oversikt_portal;
