-- Written by `oversikt agency wrappers`: the functions of docs/contract.md that take a key.
-- Each notes the key with a digest of what came along, calls the rule of its name in schema
-- oversikt_rules, and notes the answer: the same key gives the same answer again. A rule that is
-- not there leaves its function out; run this again when it is. The rules are yours:
--
--   oversikt_rules.NAME(caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)
--
-- and of a proposal, whose key names what it has made, so that it can be undone:
--
--   oversikt_rules.propose_NAME(proposal uuid, caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)
--   oversikt_rules.confirm_NAME(proposal uuid, caller jsonb, input jsonb) returns void
--   oversikt_rules.withdraw_NAME(proposal uuid, caller jsonb, input jsonb) returns void

create schema if not exists oversikt_rules;

create table if not exists oversikt_rules.act (
    idempotency_key  uuid primary key,
    function         text not null,  -- of a proposal: the one that proposes
    digest           bytea,          -- of function, caller and input; null: withdrawn before it came
    caller           jsonb,          -- this and the input are kept of proposals alone
    input            jsonb,
    status           text,           -- null while it is being decided
    reason           text,
    result           jsonb,
    asked_at         timestamptz not null default now()
);

do $do$
begin
    if num_nulls(to_regprocedure('oversikt_rules.propose_solution(uuid, jsonb, jsonb)'),
                 to_regprocedure('oversikt_rules.confirm_solution(uuid, jsonb, jsonb)'),
                 to_regprocedure('oversikt_rules.withdraw_solution(uuid, jsonb, jsonb)')) > 0 then
        raise notice 'not offered, as a rule is missing: propose_solution, confirm_solution, withdraw_solution';
        return;
    end if;

    create or replace function oversikt.propose_solution(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('propose_solution', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest, caller, input)
        values ($1, 'propose_solution', mark, caller, input)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.propose_solution($1, caller, input) r;
            if (status in ('PROPOSED', 'REFUSED')) is not true then
                raise exception 'the rule propose_solution has answered neither PROPOSED nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = propose_solution.status, reason = propose_solution.reason, result = propose_solution.result
            where a.idempotency_key = $1;
            result := coalesce(result, '{}') || '{"repeated": false}';
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1 for update;
        if held.function <> 'propose_solution' or held.caller is distinct from caller or held.digest <> mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        elsif held.digest is null then
            return query select 'REFUSED', 'WITHDRAWN', null::jsonb;
        else
            return query select held.status, held.reason, coalesce(held.result, '{}') || '{"repeated": true}';
        end if;
    end
    $$;

    create or replace function oversikt.confirm_solution(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        held oversikt_rules.act;
    begin
        select * into held from oversikt_rules.act a where a.idempotency_key = $1 for update;
        if not found then
            return query select 'REFUSED', 'NOT_FOUND', null::jsonb;
            return;
        elsif held.function <> 'propose_solution' or held.caller is distinct from caller then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
            return;
        elsif held.status = 'PROPOSED' then
            perform oversikt_rules.confirm_solution($1, held.caller, held.input);
            update oversikt_rules.act a set status = 'CONFIRMED' where a.idempotency_key = $1 returning * into held;
        end if;
        return query select held.status, held.reason, held.result;
    end
    $$;

    create or replace function oversikt.withdraw_solution(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, caller, status)
        values ($1, 'propose_solution', caller, 'WITHDRAWN')
        on conflict do nothing;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1 for update;
        if held.function <> 'propose_solution' or held.caller is distinct from caller then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
            return;
        elsif held.status in ('PROPOSED', 'CONFIRMED') then
            perform oversikt_rules.withdraw_solution($1, held.caller, held.input);
        end if;
        update oversikt_rules.act a set status = 'WITHDRAWN', reason = null
        where a.idempotency_key = $1 and a.status <> 'WITHDRAWN';
        return query select 'WITHDRAWN', null::text, null::jsonb;
    end
    $$;
    revoke execute on function oversikt.propose_solution(uuid, jsonb, jsonb), oversikt.confirm_solution(uuid, jsonb, jsonb), oversikt.withdraw_solution(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.propose_solution(uuid, jsonb, jsonb), oversikt.confirm_solution(uuid, jsonb, jsonb), oversikt.withdraw_solution(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.apply_for_instalment_plan(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: apply_for_instalment_plan';
        return;
    end if;

    create or replace function oversikt.apply_for_instalment_plan(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('apply_for_instalment_plan', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'apply_for_instalment_plan', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.apply_for_instalment_plan(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule apply_for_instalment_plan has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = apply_for_instalment_plan.status, reason = apply_for_instalment_plan.reason, result = apply_for_instalment_plan.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.apply_for_instalment_plan(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.apply_for_instalment_plan(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.change_instalment_plan(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: change_instalment_plan';
        return;
    end if;

    create or replace function oversikt.change_instalment_plan(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('change_instalment_plan', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'change_instalment_plan', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.change_instalment_plan(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule change_instalment_plan has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = change_instalment_plan.status, reason = change_instalment_plan.reason, result = change_instalment_plan.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.change_instalment_plan(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.change_instalment_plan(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.cancel_instalment_plan(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: cancel_instalment_plan';
        return;
    end if;

    create or replace function oversikt.cancel_instalment_plan(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('cancel_instalment_plan', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'cancel_instalment_plan', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.cancel_instalment_plan(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule cancel_instalment_plan has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = cancel_instalment_plan.status, reason = cancel_instalment_plan.reason, result = cancel_instalment_plan.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.cancel_instalment_plan(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.cancel_instalment_plan(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.request_deferral(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: request_deferral';
        return;
    end if;

    create or replace function oversikt.request_deferral(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('request_deferral', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'request_deferral', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.request_deferral(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule request_deferral has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = request_deferral.status, reason = request_deferral.reason, result = request_deferral.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.request_deferral(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.request_deferral(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.request_breathing_space(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: request_breathing_space';
        return;
    end if;

    create or replace function oversikt.request_breathing_space(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('request_breathing_space', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'request_breathing_space', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.request_breathing_space(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule request_breathing_space has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = request_breathing_space.status, reason = request_breathing_space.reason, result = request_breathing_space.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.request_breathing_space(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.request_breathing_space(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.submit_objection(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: submit_objection';
        return;
    end if;

    create or replace function oversikt.submit_objection(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('submit_objection', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'submit_objection', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.submit_objection(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule submit_objection has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = submit_objection.status, reason = submit_objection.reason, result = submit_objection.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.submit_objection(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.submit_objection(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.add_to_objection(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: add_to_objection';
        return;
    end if;

    create or replace function oversikt.add_to_objection(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('add_to_objection', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'add_to_objection', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.add_to_objection(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule add_to_objection has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = add_to_objection.status, reason = add_to_objection.reason, result = add_to_objection.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.add_to_objection(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.add_to_objection(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.withdraw_objection(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: withdraw_objection';
        return;
    end if;

    create or replace function oversikt.withdraw_objection(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('withdraw_objection', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'withdraw_objection', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.withdraw_objection(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule withdraw_objection has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = withdraw_objection.status, reason = withdraw_objection.reason, result = withdraw_objection.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.withdraw_objection(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.withdraw_objection(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.decide_deferral(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: decide_deferral';
        return;
    end if;

    create or replace function oversikt.decide_deferral(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('decide_deferral', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'decide_deferral', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.decide_deferral(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule decide_deferral has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = decide_deferral.status, reason = decide_deferral.reason, result = decide_deferral.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.decide_deferral(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.decide_deferral(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.decide_instalment_plan(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: decide_instalment_plan';
        return;
    end if;

    create or replace function oversikt.decide_instalment_plan(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('decide_instalment_plan', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'decide_instalment_plan', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.decide_instalment_plan(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule decide_instalment_plan has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = decide_instalment_plan.status, reason = decide_instalment_plan.reason, result = decide_instalment_plan.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.decide_instalment_plan(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.decide_instalment_plan(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.decide_objection(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: decide_objection';
        return;
    end if;

    create or replace function oversikt.decide_objection(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('decide_objection', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'decide_objection', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.decide_objection(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule decide_objection has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = decide_objection.status, reason = decide_objection.reason, result = decide_objection.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.decide_objection(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.decide_objection(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.submit_complaint(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: submit_complaint';
        return;
    end if;

    create or replace function oversikt.submit_complaint(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('submit_complaint', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'submit_complaint', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.submit_complaint(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule submit_complaint has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = submit_complaint.status, reason = submit_complaint.reason, result = submit_complaint.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.submit_complaint(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.submit_complaint(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.answer_complaint(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: answer_complaint';
        return;
    end if;

    create or replace function oversikt.answer_complaint(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('answer_complaint', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'answer_complaint', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.answer_complaint(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule answer_complaint has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = answer_complaint.status, reason = answer_complaint.reason, result = answer_complaint.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.answer_complaint(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.answer_complaint(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.submit_receipt(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: submit_receipt';
        return;
    end if;

    create or replace function oversikt.submit_receipt(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('submit_receipt', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'submit_receipt', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.submit_receipt(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule submit_receipt has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = submit_receipt.status, reason = submit_receipt.reason, result = submit_receipt.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.submit_receipt(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.submit_receipt(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.decide_receipt(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: decide_receipt';
        return;
    end if;

    create or replace function oversikt.decide_receipt(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('decide_receipt', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'decide_receipt', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.decide_receipt(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule decide_receipt has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = decide_receipt.status, reason = decide_receipt.reason, result = decide_receipt.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.decide_receipt(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.decide_receipt(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.order_invoice_copy(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: order_invoice_copy';
        return;
    end if;

    create or replace function oversikt.order_invoice_copy(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('order_invoice_copy', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'order_invoice_copy', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.order_invoice_copy(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule order_invoice_copy has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = order_invoice_copy.status, reason = order_invoice_copy.reason, result = order_invoice_copy.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.order_invoice_copy(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.order_invoice_copy(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.answer_invoice_copy(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: answer_invoice_copy';
        return;
    end if;

    create or replace function oversikt.answer_invoice_copy(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('answer_invoice_copy', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'answer_invoice_copy', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.answer_invoice_copy(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule answer_invoice_copy has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = answer_invoice_copy.status, reason = answer_invoice_copy.reason, result = answer_invoice_copy.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.answer_invoice_copy(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.answer_invoice_copy(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.order_new_credentials(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: order_new_credentials';
        return;
    end if;

    create or replace function oversikt.order_new_credentials(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('order_new_credentials', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'order_new_credentials', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.order_new_credentials(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule order_new_credentials has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = order_new_credentials.status, reason = order_new_credentials.reason, result = order_new_credentials.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.order_new_credentials(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.order_new_credentials(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.correct_contact(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: correct_contact';
        return;
    end if;

    create or replace function oversikt.correct_contact(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('correct_contact', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'correct_contact', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.correct_contact(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule correct_contact has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = correct_contact.status, reason = correct_contact.reason, result = correct_contact.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.correct_contact(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.correct_contact(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.declare_difficulty(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: declare_difficulty';
        return;
    end if;

    create or replace function oversikt.declare_difficulty(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('declare_difficulty', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'declare_difficulty', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.declare_difficulty(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule declare_difficulty has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = declare_difficulty.status, reason = declare_difficulty.reason, result = declare_difficulty.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.declare_difficulty(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.declare_difficulty(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.withdraw_difficulty(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: withdraw_difficulty';
        return;
    end if;

    create or replace function oversikt.withdraw_difficulty(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('withdraw_difficulty', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'withdraw_difficulty', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.withdraw_difficulty(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule withdraw_difficulty has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = withdraw_difficulty.status, reason = withdraw_difficulty.reason, result = withdraw_difficulty.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.withdraw_difficulty(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.withdraw_difficulty(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.give_power_of_attorney(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: give_power_of_attorney';
        return;
    end if;

    create or replace function oversikt.give_power_of_attorney(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('give_power_of_attorney', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'give_power_of_attorney', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.give_power_of_attorney(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule give_power_of_attorney has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = give_power_of_attorney.status, reason = give_power_of_attorney.reason, result = give_power_of_attorney.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.give_power_of_attorney(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.give_power_of_attorney(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.revoke_power_of_attorney(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: revoke_power_of_attorney';
        return;
    end if;

    create or replace function oversikt.revoke_power_of_attorney(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('revoke_power_of_attorney', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'revoke_power_of_attorney', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.revoke_power_of_attorney(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule revoke_power_of_attorney has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = revoke_power_of_attorney.status, reason = revoke_power_of_attorney.reason, result = revoke_power_of_attorney.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.revoke_power_of_attorney(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.revoke_power_of_attorney(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.claim_case(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: claim_case';
        return;
    end if;

    create or replace function oversikt.claim_case(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('claim_case', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'claim_case', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.claim_case(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule claim_case has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = claim_case.status, reason = claim_case.reason, result = claim_case.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.claim_case(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.claim_case(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;

do $do$
begin
    if to_regprocedure('oversikt_rules.decide_case_link(jsonb, jsonb)') is null then
        raise notice 'not offered, as there is no rule: decide_case_link';
        return;
    end if;

    create or replace function oversikt.decide_case_link(idempotency_key uuid, caller jsonb, input jsonb)
    returns table (status text, reason text, result jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
    declare
        mark constant bytea := sha256(convert_to(jsonb_build_array('decide_case_link', caller, input)::text, 'UTF8'));
        held oversikt_rules.act;
    begin
        insert into oversikt_rules.act (idempotency_key, function, digest) values ($1, 'decide_case_link', mark)
        on conflict do nothing;
        if found then
            select r.status, r.reason, r.result into status, reason, result
            from oversikt_rules.decide_case_link(caller, input) r;
            if (status in ('DONE', 'REFUSED')) is not true then
                raise exception 'the rule decide_case_link has answered neither DONE nor REFUSED';
            end if;
            update oversikt_rules.act a
            set status = decide_case_link.status, reason = decide_case_link.reason, result = decide_case_link.result
            where a.idempotency_key = $1;
            return next;
            return;
        end if;
        select * into held from oversikt_rules.act a where a.idempotency_key = $1;
        if held.digest is distinct from mark then
            return query select 'REFUSED', 'KEY_REUSED', null::jsonb;
        else
            return query select held.status, held.reason, held.result;
        end if;
    end
    $$;
    revoke execute on function oversikt.decide_case_link(uuid, jsonb, jsonb) from public;
    grant execute on function oversikt.decide_case_link(uuid, jsonb, jsonb) to oversikt_app;
end
$do$;



