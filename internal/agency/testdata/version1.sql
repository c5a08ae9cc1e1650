-- Makes a reference core one that keeps version 1 of the contract: views with fewer columns,
-- and functions with arguments of their own. The functions note what they were called with.
do $$
declare
    f regprocedure;
begin
    for f in select p.oid from pg_proc p where p.pronamespace = 'oversikt'::regnamespace and p.proname not like 'case\_login%' loop
        execute 'drop function ' || f;
    end loop;
end $$;

drop view oversikt.deferral;
drop view oversikt.agency;
create view oversikt.agency as
select 1 as contract_version, name, org_number, phone, email, website, postal_address from core.agency;
grant select on oversikt.agency to oversikt_app;
drop view oversikt.objection;
create view oversikt.objection as
select objection_id, case_id, status, reasons, statement, submitted_at, decided_on, reply from core.objection;
grant select on oversikt.objection to oversikt_app;

create table core.called (name text, key uuid, person text, rest text);

create function oversikt.propose_solution(
    idempotency_key uuid, national_id text, terms jsonb, out status text, out reason text, out repeated boolean)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('propose', $1, $2, $3::text) returning 'PROPOSED', null, false
$$;
create function oversikt.confirm_solution(idempotency_key uuid, national_id text, out status text, out reason text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('confirm', $1, $2, '') returning 'CONFIRMED', null
$$;
create function oversikt.withdraw_solution(idempotency_key uuid, national_id text, out status text, out reason text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('withdraw', $1, $2, '') returning 'WITHDRAWN', null
$$;
create function oversikt.correct_contact(
    idempotency_key uuid, national_id text, email text, phone text, street_address text, postal_code text,
    city text, language text, out status text, out reason text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('correct', $1, $2, $3) returning 'DONE', null
$$;
create function oversikt.give_power_of_attorney(
    idempotency_key uuid, national_id text, attorney_national_id text, attorney_org_number text, attorney_name text,
    may_act boolean, case_ids text[], valid_from date, valid_until date,
    out power_of_attorney_id text, out status text, out reason text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('give', $1, $2, concat_ws('|', $3, $4, $5, $6, $7, $8, $9)) returning '42', 'DONE', null
$$;
create function oversikt.revoke_power_of_attorney(
    idempotency_key uuid, national_id text, power_of_attorney_id text, out status text, out reason text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into core.called values ('revoke', $1, $2, $3) returning 'REFUSED', 'SOMETHING_NEW'
$$;
revoke execute on all functions in schema oversikt from public;
grant execute on all functions in schema oversikt to oversikt_app;
