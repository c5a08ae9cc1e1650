-- The rules of an instalment plan: asked for, changed and cancelled by the debtor. It is an agreement
-- like that of a solution, and so is its breach; each act is described in docs/contract.md.

-- Whether a case worker may agree to what the policy does not grant at once.
create function core.plan_can_be_asked_for(terms jsonb) returns boolean
language plpgsql stable as $$
declare
    wider core.policy;
begin
    select * into wider from core.policy;
    if wider.plan_longest <= wider.max_instalments then
        return false;
    end if;
    wider.max_instalments := wider.plan_longest;
    wider.min_instalment_ore := 1;
    return core.terms_keep(terms, wider);
end
$$;

-- Puts an agreement that was drawn up into force.
create function core.grant_plan(key uuid) returns void
language plpgsql volatile as $$
begin
    perform core.change_costs(key, s.terms) from core.solution s where s.solution = key;
    perform core.agree(key);
    update core.agreement a set decided_on = core.today() where a.solution = key;
    update core.solution s set confirmed = true, changed_at = now() where s.solution = key;
end
$$;

create function oversikt_rules.apply_for_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    terms constant jsonb := jsonb_build_object('case_ids', input -> 'case_ids', 'agreements', jsonb_build_array(input),
                                               'deferrals', '[]'::jsonb);
    key   constant uuid := gen_random_uuid();
    made  core.agreement;
    asked boolean := false;
begin
    reason := core.refusal(caller, terms);
    if reason is null and (select min(i.due_on) > core.today() + 92 from core.agreed_instalments(terms) i) then
        reason := 'NOT_THE_POLICY';
    end if;
    if reason = 'NOT_THE_POLICY' and core.plan_can_be_asked_for(terms) then
        asked := true;
        reason := null;
    end if;
    if reason is null then
        reason := case
            when (select min(i.due_on) <= core.today() from core.agreed_instalments(terms) i) then 'INVALID_TERMS'
            when (select not p.plan_after_breach from core.policy p)
             and exists (select from core.agreement_case x join core.agreement a using (agreement_id)
                         where terms -> 'case_ids' ? x.case_id::text and a.status = 'BREACHED') then 'AFTER_BREACH'
        end;
    end if;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    perform core.draw_up(key, core.debtor_of(caller), terms);
    update core.agreement a set status = 'REQUESTED', requested_at = now() where a.solution = key;
    if not asked then
        perform core.grant_plan(key);
    end if;
    select * into made from core.agreement a where a.solution = key;
    result := jsonb_build_object('agreement_id', made.agreement_id::text, 'status', made.status);
end
$$;

-- The agreement of a key, if the caller may act in all of its cases. They are locked.
create function core.agreement_of(caller jsonb, key text) returns core.agreement
language plpgsql volatile as $$
declare
    cases constant jsonb := (select jsonb_agg(x.case_id::text) from core.agreement_case x where x.agreement_id::text = key);
    held  core.agreement;
begin
    if cardinality(core.lock_cases(caller, cases)) = jsonb_array_length(cases) then
        select * into held from core.agreement a where a.agreement_id::text = key;
    end if;
    return held;
end
$$;

-- Whether instalments can follow what is paid of an agreement: numbered on from it, on days after one, each
-- with the policy's fee, the first with the set-up fee where one is to come. terms has them alone. What a case
-- worker has granted beyond the policy holds: the most instalments and the smallest of the agreement as it stands.
create function core.rest_keeps_the_policy(
    terms jsonb, paid integer, after date, most bigint default 0, smallest bigint default null) returns text
language sql stable as $$
    select case
        when count(*) = 0
          or not coalesce(bool_and(i.number = paid + i.nth and i.due_on > after and i.fee_ore >= 0 and i.amount_ore > i.fee_ore
                                   and coalesce(i.due_on > i.earlier, true)), false) then 'INVALID_TERMS'
        when paid + count(*) > greatest(p.max_instalments, most)
          or not bool_and(i.amount_ore - i.fee_ore >= least(p.min_instalment_ore, smallest) or i.nth = i.instalments)
          or not bool_and(i.fee_ore = p.instalment_fee_ore or i.nth = 1 and i.fee_ore = p.instalment_fee_ore + p.setup_fee_ore)
            then 'NOT_THE_POLICY'
    end
    from core.policy p
    left join lateral (select i.*, row_number() over w as nth, lag(i.due_on) over w as earlier
                       from core.agreed_instalments(terms) i window w as (order by i.number)) i on i.number is not null
    group by p.singleton
$$;

-- Puts other instalments in the place of those of an agreement that are not paid. The first case that is open bears
-- their fees.
create function core.replace_rest(which bigint, terms jsonb) returns void
language plpgsql volatile as $$
declare
    cases constant bigint[] := array(select x.case_id from core.agreement_case x where x.agreement_id = which);
    kept  constant bigint := (select coalesce(sum(i.amount_ore), 0) from core.instalment_now i
                              where i.agreement_id = which and i.paid_on is not null);
begin
    update core.instalment i set paid_on = n.paid_on
    from core.instalment_now n
    where i.agreement_id = which and (n.agreement_id, n.number) = (i.agreement_id, i.number);
    delete from core.instalment i where i.agreement_id = which and i.paid_on is null;
    insert into core.instalment (agreement_id, number, due_on, amount_ore, fee_ore)
    select which, i.number, i.due_on, i.amount_ore, i.fee_ore from core.agreed_instalments(terms) i;
    update core.agreement a
    set changed_on = core.today(),
        ahead_ore = coalesce((select sum(p.amount_ore) from core.payment p
                              where p.case_id = any (cases) and p.registered_at > a.agreed_at), 0) - kept,
        monthly_amount_ore = (select case when min(i.amount_ore) = max(i.amount_ore) then min(i.amount_ore) end
                              from core.instalment i
                              where i.agreement_id = which
                                and i.number < (select max(m.number) from core.instalment m where m.agreement_id = which))
    where a.agreement_id = which;
    delete from core.scheduled_cost s where s.case_id = any (cases) and s.kind in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE');
    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select (select min(c.case_id) from core.case c where c.case_id = any (cases) and c.status = 'OPEN'),
           i.due_on, fee.kind, fee.amount_ore
    from core.agreed_instalments(terms) i
    cross join core.policy p
    cross join lateral (values ('INSTALMENT_FEE', p.instalment_fee_ore),
                               ('AGREEMENT_SETUP_FEE', i.fee_ore - p.instalment_fee_ore)) fee (kind, amount_ore)
    where fee.amount_ore > 0;
end
$$;

-- Terms of instalments alone.
create function core.rest_terms(cases bigint[], instalments jsonb) returns jsonb
language sql immutable as $$
    select jsonb_build_object('agreements', jsonb_build_array(jsonb_build_object(
               'case_ids', to_jsonb(cases::text[]), 'instalments', instalments)))
$$;

-- The agreement that runs in a case, with its cases that are open, those in whose place nothing is owed left out.
create function core.running_agreement(which bigint, out agreement_id bigint, out cases bigint[], out paid integer)
language sql stable as $$
    select a.agreement_id,
           array(select o.case_id from core.agreement_case o join core.case c using (case_id)
                 where o.agreement_id = a.agreement_id and c.status = 'OPEN' order by o.case_id),
           (select count(i.paid_on)::integer from core.instalment_now i where i.agreement_id = a.agreement_id)
    from core.agreement a join core.agreement_case x using (agreement_id)
    where x.case_id = which and a.status = 'ACTIVE'
$$;

-- What becomes of the agreement in a case in which an objection was decided. Where no case of it is open nothing is
-- left of it, and it ends; else what is left of it is what the case worker's portal has reckoned anew.
create function core.agreement_after(which bigint, instalments jsonb) returns void
language plpgsql volatile as $$
declare
    held record;
begin
    select * into held from core.running_agreement(which);
    delete from core.solution_cost s using core.agreement a
    where a.agreement_id = held.agreement_id and s.solution = a.solution and s.case_id <> all (held.cases);
    if held.cases = '{}' then
        perform core.end_agreement(held.agreement_id, 'CANCELLED', core.today());
    elsif jsonb_typeof(instalments) = 'array' then
        perform core.replace_rest(held.agreement_id, core.rest_terms(held.cases, instalments));
    end if;
    perform core.undo(a.solution)
    from core.agreement a join core.agreement_case x using (agreement_id)
    where x.case_id = which and a.status = 'REQUESTED'
      and not exists (select from core.agreement_case o join core.case c using (case_id)
                      where o.agreement_id = a.agreement_id and c.status = 'OPEN');
end
$$;

create function oversikt_rules.change_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    held   core.agreement := core.agreement_of(caller, input ->> 'agreement_id');
    cases  constant bigint[] := array(select x.case_id from core.agreement_case x where x.agreement_id = held.agreement_id
                                      order by x.case_id);
    terms  constant jsonb := core.rest_terms(cases, input -> 'instalments');
    bears  constant bigint := (select min(c.case_id) from core.case c where c.case_id = any (cases) and c.status = 'OPEN');
    paid   integer;
    due    date;
    later  integer;
begin
    select count(i.paid_on), min(i.due_on) filter (where i.paid_on is null)
    into paid, due
    from core.instalment_now i where i.agreement_id = held.agreement_id;
    reason := case
        when held.agreement_id is null then 'NOT_FOUND'
        when held.status <> 'ACTIVE' or due is null or bears is null then 'NO_AGREEMENT'
        when core.is_disputed(cases) then 'DISPUTED'
        else (select core.rest_keeps_the_policy(terms, paid, core.today(), count(*), min(i.amount_ore - i.fee_ore) filter (where i.later))
              from (select i.*, i.number < max(i.number) over () as later
                    from core.instalment i where i.agreement_id = held.agreement_id) i)
    end;
    if reason is null then
        later := (select min(i.due_on) - due from core.agreed_instalments(terms) i);
        reason := case when later > 38 then 'NOT_THE_POLICY'
                       when later > 0 and coalesce(held.skips_left, 0) < 1 then 'NO_SKIPS_LEFT' end;
    end if;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    perform core.replace_rest(held.agreement_id, terms);
    update core.agreement a set skips_left = a.skips_left - (later > 0)::integer where a.agreement_id = held.agreement_id;
end
$$;

create function oversikt_rules.cancel_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    held core.agreement := core.agreement_of(caller, input ->> 'agreement_id');
begin
    reason := case
        when held.agreement_id is null then 'NOT_FOUND'
        when held.status not in ('ACTIVE', 'REQUESTED') then 'NO_AGREEMENT'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null and held.status = 'REQUESTED' then
        perform core.undo(held.solution);
    elsif reason is null then
        perform core.end_agreement(held.agreement_id, 'CANCELLED', core.today());
    end if;
end
$$;

-- The plan of a key that was asked for, for a case worker. Its cases are locked.
create function core.plan_at_desk(caller jsonb, key text) returns core.agreement
language plpgsql volatile as $$
declare
    held core.agreement;
begin
    perform from core.case c
    where c.case_id in (select x.case_id from core.agreement_case x where x.agreement_id::text = key)
      and caller -> 'staff' = 'true'
    order by c.case_id
    for update;
    if found then
        select * into held from core.agreement a where a.agreement_id::text = key and a.requested_at is not null;
    end if;
    return held;
end
$$;

-- Puts other instalments in the place of those of a plan that is not in force.
create function core.redraw(held core.agreement, plan jsonb) returns void
language plpgsql volatile as $$
begin
    update core.solution s set terms = plan where s.solution = held.solution;
    delete from core.instalment i where i.agreement_id = held.agreement_id;
    insert into core.instalment (agreement_id, number, due_on, amount_ore, fee_ore)
    select held.agreement_id, i.number, i.due_on, i.amount_ore, i.fee_ore from core.agreed_instalments(plan) i;
    update core.agreement a
    set started_on = n.starts_on, monthly_amount_ore = n.monthly_ore
    from (select min(i.due_on) as starts_on,
                 case when max(i.amount_ore) = min(i.amount_ore) filter (where i.number < i.instalments or i.instalments = 1)
                      then max(i.amount_ore) end as monthly_ore
          from core.agreed_instalments(plan) i) n
    where a.agreement_id = held.agreement_id;
end
$$;

create function oversikt_rules.decide_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    granted constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    said    constant text := nullif(btrim(input ->> 'reply'), '');
    held    core.agreement := core.plan_at_desk(caller, input ->> 'agreement_id');
    cases   constant bigint[] := array(select x.case_id from core.agreement_case x where x.agreement_id = held.agreement_id);
    plan    jsonb := (select s.terms from core.solution s where s.solution = held.solution);
begin
    if input ->> 'instalments' is not null then
        plan := jsonb_set(plan, '{agreements,0,instalments}', input -> 'instalments');
    end if;
    reason := case
        when granted is null or length(said) > 2000 or not granted and said is null then 'INVALID_INPUT'
        when held.agreement_id is null then 'NOT_FOUND'
        when held.status <> 'REQUESTED' then 'ALREADY_DECIDED'
        when not granted then null
        when exists (select from core.case c where c.case_id = any (cases) and c.status <> 'OPEN') then 'CASE_CLOSED'
        when core.is_disputed(cases) then 'DISPUTED'
        when core.is_agreed(cases, held.solution) then 'AGREEMENT_EXISTS'
        when not core.terms_are_sound(plan)
          or (select min(i.due_on) <= core.today() from core.agreed_instalments(plan) i) then 'INVALID_TERMS'
        when not core.terms_keep_the_policy(plan) and not core.plan_can_be_asked_for(plan) then 'NOT_THE_POLICY'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    if granted then
        perform core.redraw(held, plan);
        perform core.grant_plan(held.solution);
        update core.agreement a set reply = said where a.agreement_id = held.agreement_id;
    else
        update core.agreement a set status = 'REFUSED', decided_on = core.today(), reply = said, solution = null
        where a.agreement_id = held.agreement_id;
        delete from core.solution s where s.solution = held.solution;
    end if;
end
$$;
