-- All that the service's role may do. It runs with each migration, as one transaction: a right
-- that is not here is taken away, and one that a restored database lacks is given again.
-- Whoever makes a table or a function adds its line.

-- Temporary objects serve nobody here, and could stand in the way of names in the owner's functions.
do $$
begin
    execute format('revoke temporary, create on database %I from public, oversikt_portal', current_database());
    execute format('grant connect on database %I to oversikt_portal', current_database());
end $$;
revoke create on schema public from public, oversikt_portal;

revoke all on schema portal from oversikt_portal;
revoke all on all tables in schema portal from oversikt_portal;
revoke all on all sequences in schema portal from oversikt_portal;
revoke all on all functions in schema portal from oversikt_portal;
grant usage on schema portal to oversikt_portal;

-- Logins.
grant select, insert, delete, update (seen_at) on portal.session to oversikt_portal;
grant select, insert, update, delete on portal.throttle to oversikt_portal;

-- The access log: it is written and read, never changed.
grant select, insert on portal.access_log to oversikt_portal;
grant execute on function portal.create_access_log_month(timestamptz) to oversikt_portal;
grant select, insert, delete on portal.access_log_new to oversikt_portal;
grant select, insert on portal.access_log_link, portal.access_log_anchor, portal.access_log_key,
    portal.access_log_check to oversikt_portal;
grant select, insert, update, delete on portal.staff_lookup to oversikt_portal;

-- Acts, and what they are about. What was asked does not change; retention alone deletes.
grant select, insert, update (whose, kept, status, decision, reason, decided_at, ended_at, driver, driven_until)
    on portal.act to oversikt_portal;
grant select, insert, update (input, state, reason, sent, result, changed_at) on portal.act_agency to oversikt_portal;
grant select, insert on portal.event to oversikt_portal;
grant select, insert, update (revoked_at, revoked_by) on portal.power_of_attorney to oversikt_portal;
grant select, insert on portal.power_of_attorney_act to oversikt_portal;
grant select, insert, update (status, answer_by, answered_at, reply) on portal.privacy_request to oversikt_portal;
grant select, insert, update (household, shared, saved_at) on portal.budget to oversikt_portal;
grant select, insert, delete, update (state, subject) on portal.document to oversikt_portal;
grant select, insert, update, delete on portal.claim to oversikt_portal;

-- The keys that rows were written with. The owner alone gives rows other ones; triggers ask who it is.
grant select, insert on portal.key to oversikt_portal;
grant execute on function portal.resealing() to oversikt_portal;

-- Retention: the owner makes the rules, the service follows them.
grant select on portal.retention_rule to oversikt_portal;
grant select, insert on portal.retention_run to oversikt_portal;
grant execute on function portal.retain(text, timestamptz, integer) to oversikt_portal;

-- The job queue.
grant select, insert, update, delete on portal.river_job, portal.river_leader, portal.river_queue to oversikt_portal;
grant usage on sequence portal.river_job_id_seq to oversikt_portal;

-- What the database has had of the migrations: the service says what it lacks.
grant select on public.oversikt_migration to oversikt_portal;
