-- The rules of what a debtor asks for in a case: more time, a pause, an objection. Each act
-- is described in docs/contract.md.

-- Notes that more time is asked for in a case, with what its scheduled costs would be.
create function core.ask_to_defer(which bigint, until date, why text, fee bigint) returns core.request
language sql volatile as $$
    insert into core.request (case_id, kind, status, requested_at, until, reason, fee_ore, cost_before_ore, cost_after_ore)
    select which, 'DEFERRAL', 'RECEIVED', now(), ask_to_defer.until, why, fee,
           coalesce(sum(s.amount_ore) filter (where s.scheduled_on <= ask_to_defer.until), 0),
           coalesce(sum(s.amount_ore) filter (where s.scheduled_on + (ask_to_defer.until - core.today()) <= ask_to_defer.until), 0) + fee
    from core.scheduled_cost s
    where s.case_id = which
    returning *
$$;

-- Grants more time that was asked for, from today until a day: the scheduled costs move by the days.
create function core.grant_deferral(asked bigint, until date, said text) returns core.request
language plpgsql volatile as $$
declare
    days constant integer := until - core.today();
    made core.request;
    held core.scheduled_cost[];
begin
    select * into made from core.request r where r.request_id = asked;
    held := array(select s from core.scheduled_cost s where s.case_id = made.case_id);
    delete from core.scheduled_cost s where s.case_id = made.case_id;
    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select s.case_id, s.scheduled_on + days, s.kind, s.amount_ore from unnest(held) s;
    insert into core.fee (case_id, kind, amount_ore, incurred_on, legal_basis)
    select made.case_id, 'DEFERRAL_FEE', made.fee_ore, core.today(), 'avtale om utsettelse' where made.fee_ore > 0;
    update core.request r
    set status = 'GRANTED', until = grant_deferral.until, decided_on = core.today(), reply = said,
        cost_before_ore = (select coalesce(sum(s.amount_ore), 0) from unnest(held) s where s.scheduled_on <= grant_deferral.until),
        cost_after_ore = made.fee_ore + (select coalesce(sum(s.amount_ore), 0) from unnest(held) s
                                         where s.scheduled_on + days <= grant_deferral.until)
    where r.request_id = asked
    returning * into made;
    return made;
end
$$;

-- Whether a case stands still until a day, or whether that is asked for.
create function core.is_deferred(which bigint, day date) returns boolean
language sql stable as $$
    select exists (select from core.request r
                   where r.case_id = which and r.kind = 'DEFERRAL'
                     and (r.status = 'GRANTED' and r.until >= day or r.status = 'RECEIVED' and r.solution is null))
        or exists (select from core.hold h
                   where h.case_id = which and h.kind = 'DEFERRED' and coalesce(h.until >= day, true))
$$;

create function oversikt_rules.request_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    until constant date := core.day(input ->> 'until');
    rules core.policy;
    locked bigint[];
    asked core.case;
    made  core.request;
begin
    select * into rules from core.policy;
    locked := core.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select c.* into asked from core.case c where c.case_id = any (locked);
    reason := case
        when (until > core.today()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when asked.case_id is null then 'NOT_FOUND'
        when asked.status <> 'OPEN' then 'CASE_CLOSED'
        when core.is_disputed(array[asked.case_id]) then 'DISPUTED'
        when core.is_agreed(array[asked.case_id]) then 'AGREEMENT_EXISTS'
        when core.is_deferred(asked.case_id, core.today()) then 'DEFERRAL_EXISTS'
        when asked.phase in ('REMINDER', 'COLLECTION_WARNING') then 'TOO_EARLY'
        when until - core.today() > greatest(rules.max_deferral_days, rules.max_asked_days) then 'NOT_THE_POLICY'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        made := core.ask_to_defer(asked.case_id, until, input ->> 'reason', rules.deferral_fee_ore);
        if until - core.today() <= rules.max_deferral_days then
            made := core.grant_deferral(made.request_id, until, null);
        end if;
        result := jsonb_build_object(
            'deferral_id', made.request_id::text, 'status', case made.status when 'GRANTED' then 'GRANTED' else 'REQUESTED' end,
            'cost_before_ore', made.cost_before_ore, 'cost_after_ore', made.cost_after_ore);
    end if;
end
$$;

create function oversikt_rules.request_breathing_space(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    until constant date := core.day(input ->> 'until');
    debtor constant bigint := core.debtor_of(caller);
    rules core.policy;
    cases bigint[];
    asked bigint;
begin
    select * into rules from core.policy;
    cases := core.lock_cases(caller, (select jsonb_agg(c.case_id::text) from core.case c where c.debtor_id = debtor));
    cases := array(select c.case_id
                   from core.case c
                   where c.case_id = any (cases) and c.status = 'OPEN' and c.phase not in ('REMINDER', 'COLLECTION_WARNING')
                     and not core.is_disputed(array[c.case_id]) and not core.is_agreed(array[c.case_id])
                     and not core.is_deferred(c.case_id, until)
                   order by c.case_id);
    reason := case
        when (until > core.today()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when debtor is null then 'NOT_FOUND'
        when cardinality(cases) = 0 then 'NOTHING_OPEN'
        when until - core.today() > greatest(rules.max_deferral_days, rules.max_asked_days) then 'NOT_THE_POLICY'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        foreach asked in array cases loop
            asked := (core.ask_to_defer(asked, until, input ->> 'reason', 0)).request_id;
            if until - core.today() <= rules.max_deferral_days then
                perform core.grant_deferral(asked, until, null);
            end if;
        end loop;
        result := jsonb_build_object(
            'status', case when until - core.today() <= rules.max_deferral_days then 'GRANTED' else 'REQUESTED' end,
            'until', until, 'case_ids', to_jsonb(cases::text[]));
    end if;
end
$$;

-- The request for more time of a key, for a case worker. Its case is locked.
create function core.deferral_at_desk(caller jsonb, key text) returns core.request
language plpgsql volatile as $$
declare
    held core.request;
begin
    perform from core.case c
    where c.case_id = (select r.case_id from core.request r where r.request_id::text = key and r.kind = 'DEFERRAL')
      and caller -> 'staff' = 'true'
    for update;
    if found then
        select r.* into held from core.request r where r.request_id::text = key;
    end if;
    return held;
end
$$;

create function oversikt_rules.decide_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    granted constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    said    constant text := nullif(btrim(input ->> 'reply'), '');
    held    core.request := core.deferral_at_desk(caller, input ->> 'deferral_id');
    day     constant date := case when input ->> 'until' is null then held.until else core.day(input ->> 'until') end;
begin
    reason := case
        when granted is null or length(said) > 2000 or not granted and said is null
          or granted and held.request_id is not null and (day > core.today()) is not true then 'INVALID_INPUT'
        when held.request_id is null then 'NOT_FOUND'
        when held.status <> 'RECEIVED' or held.solution is not null then 'ALREADY_DECIDED'
        when granted and not exists (select from core.case c where c.case_id = held.case_id and c.status = 'OPEN') then 'CASE_CLOSED'
        when granted and core.is_disputed(array[held.case_id]) then 'DISPUTED'
        when granted and core.is_agreed(array[held.case_id]) then 'AGREEMENT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null and granted then
        held := core.grant_deferral(held.request_id, day, said);
    elsif reason is null then
        update core.request r set status = 'REJECTED', decided_on = core.today(), reply = said
        where r.request_id = held.request_id;
    end if;
end
$$;

-- How many files come with an act: none for a null, and null for what is no number of files.
create function core.files(input jsonb) returns integer
language sql immutable as $$
    select case when coalesce(input -> 'files', 'null') = 'null' then 0
                when (input -> 'files')::text ~ '^[1-5]$' then (input -> 'files')::text::integer end
$$;

create function oversikt_rules.submit_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    reasons constant text[] := case when jsonb_typeof(input -> 'reasons') = 'array'
                                    then array(select jsonb_array_elements_text(input -> 'reasons')) else '{}' end;
    said    constant text := nullif(btrim(input ->> 'statement'), '');
    amount  constant bigint := (input ->> 'disputed_amount_ore')::bigint;
    files   constant integer := core.files(input);
    locked  bigint[];
    asked   core.case;
    new_id  bigint;
begin
    locked := core.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select c.* into asked from core.case c where c.case_id = any (locked);
    reason := case
        when cardinality(reasons) = 0 and said is null or length(said) > 4000 or amount <= 0 or files is null
          or not reasons <@ '{NOT_MY_DEBT,ALREADY_PAID,WRONG_AMOUNT,NOT_RECEIVED,DEFECT,CANCELLED,NO_INVOICE,FRAUD,TIME_BARRED,OTHER}'
            then 'INVALID_INPUT'
        when asked.case_id is null then 'NOT_FOUND'
        when asked.status <> 'OPEN' then 'CASE_CLOSED'
        when core.is_disputed(array[asked.case_id]) then 'OBJECTION_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    insert into core.objection (case_id, reasons, statement, submitted_at, disputed_amount_ore, contact_with_creditor, files)
    values (asked.case_id, reasons, said, now(), amount, (input ->> 'contact_with_creditor')::boolean, files)
    returning objection_id into new_id;
    -- The fees of an agreement are no step of collection: they run with it.
    insert into core.stopped_cost (objection_id, case_id, scheduled_on, kind, amount_ore)
    select new_id, s.case_id, s.scheduled_on, s.kind, s.amount_ore
    from core.scheduled_cost s
    where s.case_id = asked.case_id and s.kind not in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE');
    delete from core.scheduled_cost s
    using core.stopped_cost x
    where x.objection_id = new_id and (s.case_id, s.scheduled_on, s.kind) = (x.case_id, x.scheduled_on, x.kind);
    result := jsonb_build_object('objection_id', new_id::text);
end
$$;

-- The objection of a key, if it is in a case that the caller may act in. Its case is locked.
create function core.objection_of(caller jsonb, key text) returns core.objection
language plpgsql volatile as $$
declare
    locked bigint[];
    held   core.objection;
begin
    locked := core.lock_cases(caller, (select jsonb_agg(x.case_id::text) from core.objection x where x.objection_id::text = key));
    select o.* into held from core.objection o where o.objection_id::text = key and o.case_id = any (locked);
    return held;
end
$$;

create function oversikt_rules.add_to_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    said  constant text := nullif(btrim(input ->> 'statement'), '');
    added constant integer := core.files(input);
    held  core.objection := core.objection_of(caller, input ->> 'objection_id');
begin
    reason := case
        when said is null or length(said) > 4000 or added is null then 'INVALID_INPUT'
        when held.objection_id is null then 'NOT_FOUND'
        when held.status not in ('RECEIVED', 'UNDER_REVIEW') then 'OBJECTION_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update core.objection o set statement = concat_ws(E'\n\n', o.statement, said), files = o.files + added
        where o.objection_id = held.objection_id;
    end if;
end
$$;

create function oversikt_rules.withdraw_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    held core.objection := core.objection_of(caller, input ->> 'objection_id');
    stood integer;
begin
    reason := case
        when held.objection_id is null then 'NOT_FOUND'
        when held.status not in ('RECEIVED', 'UNDER_REVIEW') then 'OBJECTION_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    stood := core.today() - (held.submitted_at at time zone 'Europe/Oslo')::date;
    update core.objection o set status = 'WITHDRAWN', withdrawn_on = core.today() where o.objection_id = held.objection_id;
    with back as (delete from core.stopped_cost x where x.objection_id = held.objection_id returning *)
    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select b.case_id, b.scheduled_on + stood, b.kind, b.amount_ore
    from back b join core.case c using (case_id)
    where c.status = 'OPEN'
    on conflict do nothing;
end
$$;

-- Takes an amount off the principal of a case: off its invoices too, the latest first.
create function core.reduce_claim(which bigint, amount bigint) returns void
language sql volatile as $$
    with item as (
        select i.item_id, i.amount_ore,
               coalesce(sum(i.amount_ore) over (order by i.number desc rows between unbounded preceding and 1 preceding), 0) as later
        from core.claim_item i
        where i.case_id = which
    )
    update core.claim_item i
    set amount_ore = i.amount_ore - least(x.amount_ore, amount - x.later)
    from item x
    where x.item_id = i.item_id and x.later < amount;
    update core.case c set principal_ore = c.principal_ore - amount where c.case_id = which;
$$;

-- Collection goes on by a new deadline, and what was stopped comes after it.
create function core.resume(held core.objection, deadline date) returns void
language sql volatile as $$
    with back as (delete from core.stopped_cost x where x.objection_id = held.objection_id returning *),
    days as (select greatest(core.today() - (held.submitted_at at time zone 'Europe/Oslo')::date,
                             deadline + 1 - min(b.scheduled_on)) as n from back b)
    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select b.case_id, b.scheduled_on + d.n, b.kind, b.amount_ore from back b cross join days d
    on conflict do nothing;
    update core.case c set due_on = deadline where c.case_id = held.case_id;
$$;

-- The objection of a key, for a case worker. Its case is locked, and those that are in an agreement with it.
create function core.objection_at_desk(caller jsonb, key text) returns core.objection
language plpgsql volatile as $$
declare
    held core.objection;
    which constant bigint := (select o.case_id from core.objection o where o.objection_id::text = key);
begin
    perform from core.case c
    where (c.case_id = which
           or c.case_id in (select o.case_id from core.agreement_case x join core.agreement_case o using (agreement_id)
                            where x.case_id = which))
      and caller -> 'staff' = 'true'
    order by c.case_id
    for update;
    if found then
        select o.* into held from core.objection o where o.objection_id::text = key;
    end if;
    return held;
end
$$;

create function oversikt_rules.decide_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    decision   constant text := input ->> 'decision';
    said       constant text := nullif(btrim(input ->> 'reply'), '');
    standpoint constant text := nullif(btrim(input ->> 'creditor_standpoint'), '');
    reduction  constant bigint := (input ->> 'reduction_ore')::bigint;
    earliest   constant date := core.today() + 14;
    deadline   constant date := case when input ->> 'deadline' is null then earliest else core.day(input ->> 'deadline') end;
    held       core.objection := core.objection_at_desk(caller, input ->> 'objection_id');
    asked      core.case;
begin
    select c.* into asked from core.case c where c.case_id = held.case_id;
    reason := case
        when (decision in ('UPHELD', 'PARTLY_UPHELD', 'REJECTED', 'TO_BOARD')) is not true
          or decision <> 'UPHELD' and said is null or length(said) > 2000 or length(standpoint) > 2000
          or (decision = 'PARTLY_UPHELD') <> (reduction is not null) or reduction <= 0
          or (deadline >= earliest) is not true then 'INVALID_INPUT'
        when held.objection_id is null then 'NOT_FOUND'
        when held.status not in ('RECEIVED', 'UNDER_REVIEW') then 'ALREADY_DECIDED'
        when asked.status <> 'OPEN' and decision in ('PARTLY_UPHELD', 'TO_BOARD') then 'CASE_CLOSED'
        when asked.legal_step is not null and decision = 'TO_BOARD' then 'BEFORE_COURT'
        when reduction >= asked.principal_ore - (
            select coalesce(sum(a.amount_ore), 0) from core.payment p join core.payment_allocation a using (payment_id)
            where p.case_id = asked.case_id and a.component = 'PRINCIPAL') then 'TOO_MUCH'
        when jsonb_typeof(input -> 'instalments') = 'array'
            then (select case when core.rest_keeps_the_policy(core.rest_terms(r.cases, input -> 'instalments'), r.paid, '-infinity')
                                   = 'INVALID_TERMS' then 'INVALID_TERMS' end
                  from core.running_agreement(asked.case_id) r where r.agreement_id is not null)
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    update core.objection o
    set status = decision, decided_on = core.today(), reply = said, creditor_standpoint = standpoint
    where o.objection_id = held.objection_id;
    if asked.status <> 'OPEN' then
        return;
    end if;
    if decision = 'PARTLY_UPHELD' then
        perform core.reduce_claim(asked.case_id, reduction);
    end if;
    case decision
        when 'UPHELD' then
            update core.case c set status = 'CLOSED', phase = 'CLOSED', closed_on = core.today() where c.case_id = asked.case_id;
            delete from core.scheduled_cost s where s.case_id = asked.case_id;
        when 'TO_BOARD' then
            update core.case c set phase = 'LEGAL', legal_step = 'CONCILIATION', due_on = null where c.case_id = asked.case_id;
        else
            perform core.resume(held, deadline);
    end case;
    perform core.agreement_after(asked.case_id, input -> 'instalments') where decision <> 'TO_BOARD';
end
$$;
