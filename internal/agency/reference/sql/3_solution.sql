-- The rules of a combined payment solution. Each act is described in docs/contract.md; what
-- a proposal asks for is in its terms, which these functions read as rows. Keys and
-- repetitions are the business of 7_wrappers.sql.

create function core.agreed_cases(terms jsonb) returns table (place bigint, nth bigint, case_id text)
language sql immutable as $$
    select a.place, c.nth, c.case_id
    from jsonb_array_elements(terms -> 'agreements') with ordinality a (terms, place)
    cross join jsonb_array_elements_text(a.terms -> 'case_ids') with ordinality c (case_id, nth)
$$;

create function core.agreed_instalments(terms jsonb)
returns table (place bigint, number integer, due_on date, amount_ore bigint, fee_ore bigint, starts_on date, instalments bigint)
language sql immutable as $$
    select a.place, i.number, i.due_on, i.amount_ore, i.fee_ore,
           min(i.due_on) over (partition by a.place), count(*) over (partition by a.place)
    from jsonb_array_elements(terms -> 'agreements') with ordinality a (terms, place)
    cross join jsonb_to_recordset(a.terms -> 'instalments')
        i (number integer, due_on date, amount_ore bigint, fee_ore bigint)
$$;

create function core.deferred_cases(terms jsonb)
returns table (case_id text, until date, days integer, fee_ore bigint)
language sql immutable as $$
    select case_id, until, days, fee_ore
    from jsonb_to_recordset(terms -> 'deferrals') d (case_id text, until date, days integer, fee_ore bigint)
$$;

-- Whether the terms say one thing of each case: what they deal with is among their cases,
-- and instalments are numbered in the order of their days.
create function core.terms_are_sound(terms jsonb) returns boolean
language sql immutable as $$
    select coalesce(
        (select count(*) > 0 and count(*) = count(distinct c) from jsonb_array_elements_text(terms -> 'case_ids') c)
        and (select count(*) = count(distinct case_id) and coalesce(bool_and(terms -> 'case_ids' ? case_id), true)
             from core.agreed_cases(terms))
        and (select count(*) = count(distinct case_id) and coalesce(bool_and(terms -> 'case_ids' ? case_id), true)
             from core.deferred_cases(terms))
        and not exists (select from jsonb_array_elements(terms -> 'agreements') a
                        where coalesce(jsonb_array_length(a -> 'case_ids'), 0) = 0
                           or coalesce(jsonb_array_length(a -> 'instalments'), 0) = 0)
        and not exists (select
                        from (select i.*, row_number() over w as nth, lag(due_on) over w as earlier
                              from core.agreed_instalments(terms) i
                              window w as (partition by place order by number)) i
                        where number is distinct from nth or due_on is null or due_on <= earlier
                           or (fee_ore >= 0 and amount_ore > fee_ore) is not true)
        and not exists (select from core.deferred_cases(terms)
                        where until is null or days is null or fee_ore is null), false)
$$;

create function core.terms_keep(terms jsonb, p core.policy) returns boolean
language sql stable as $$
    select not exists (
        select from core.agreed_instalments(terms) i
        where i.instalments > p.max_instalments
           or i.number < i.instalments and i.amount_ore - i.fee_ore < p.min_instalment_ore
           or i.fee_ore <> p.instalment_fee_ore
                  + case when i.number = 1 and i.instalments > p.setup_free_instalments then p.setup_fee_ore else 0 end)
    and not exists (
        select
        from core.agreed_cases(terms) x
        join core.case c on c.case_id = x.case_id::bigint
        join core.agreed_instalments(terms) i on i.place = x.place and i.number = 1
        where x.nth > 1 and not p.joint_agreements
           or (c.agreement_from <= i.due_on) is not true)
    and not exists (
        select
        from core.agreed_cases(terms) x join core.case c on c.case_id = x.case_id::bigint
        group by x.place
        having count(distinct coalesce(c.agreement_group, '')) > 1)
    and not exists (
        select from core.deferred_cases(terms) d
        where d.days not between 1 and p.max_deferral_days
           or d.until > core.today() + p.max_deferral_days
           or d.fee_ore <> p.deferral_fee_ore)
$$;

create function core.terms_keep_the_policy(terms jsonb) returns boolean
language sql stable as $$
    select core.terms_keep(terms, p) from core.policy p
$$;

-- The debtor for whom somebody asks: the person of a national identity number, or the one
-- of the case that a letter's password opened.
create function core.debtor_of(caller jsonb) returns bigint
language sql stable as $$
    select d.debtor_id from core.debtor d where d.national_id = caller ->> 'national_id'
    union all
    select c.debtor_id from core.case c where c.case_id::text = caller ->> 'case_id'
$$;

-- Ends an agreement on a day, on which collection goes on: the costs that it took away come back in the open
-- cases as many days later as it has stood, and the fees of its later instalments are not charged.
create function core.end_agreement(which bigint, how text, day date) returns void
language plpgsql volatile as $$
declare
    ended core.agreement;
    cases constant bigint[] := array(select x.case_id from core.agreement_case x where x.agreement_id = which);
begin
    update core.agreement a set status = how, ended_on = day where a.agreement_id = which returning * into ended;
    delete from core.scheduled_cost s
    where s.case_id = any (cases) and s.kind in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE') and s.scheduled_on >= day;
    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select x.case_id, x.taken_from + (day - ended.agreed_on), x.kind, x.amount_ore
    from core.solution_cost x join core.case c using (case_id)
    where x.solution = ended.solution and x.case_id = any (cases) and c.status = 'OPEN' and x.put_on is null
      and x.kind not in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE')
    on conflict do nothing;
    delete from core.solution_cost x where x.solution = ended.solution and x.case_id = any (cases);
end
$$;

-- Writes down which agreements of some cases are broken. The views show it from the day on.
create function core.break_agreements(cases bigint[]) returns void
language plpgsql volatile as $$
declare
    late record;
begin
    for late in
        select distinct l.* from core.late_agreement l join core.agreement_case x using (agreement_id)
        where x.case_id = any (cases) and l.breach_on <= core.today()
    loop
        update core.agreement a set warned_on = late.warned_on, breach_on = late.breach_on where a.agreement_id = late.agreement_id;
        perform core.end_agreement(late.agreement_id, 'BREACHED', late.breach_on);
    end loop;
end
$$;

-- Locks those of the cases that the caller may act in, and returns their keys. Whoever
-- registers a payment, an objection or an agreement in one of them waits, as its row refers
-- to the case.
create function core.lock_cases(caller jsonb, cases jsonb) returns bigint[]
language plpgsql volatile as $$
declare
    locked constant bigint[] := array(
        select c.case_id
        from core.case c
        where c.debtor_id = core.debtor_of(caller)
          and c.case_id::text = coalesce(caller ->> 'case_id', c.case_id::text)
          and cases ? c.case_id::text
        order by c.case_id
        for update);
begin
    perform core.break_agreements(locked);
    return locked;
end
$$;

create function core.is_disputed(cases bigint[]) returns boolean
language sql stable as $$
    select exists (select from core.objection o
                   where o.case_id = any (cases) and o.status in ('RECEIVED', 'UNDER_REVIEW'))
        or exists (select from core.hold h
                   where h.case_id = any (cases) and h.kind = 'DISPUTED' and coalesce(h.until >= core.today(), true))
$$;

-- Whether a case has an agreement in force, or is in a solution that waits to be confirmed, besides one.
create function core.is_agreed(cases bigint[], besides uuid default null) returns boolean
language sql stable as $$
    select exists (select from core.agreement_case x join core.agreement a using (agreement_id)
                   where x.case_id = any (cases) and a.status = 'ACTIVE')
        or exists (select from core.solution s
                   where not s.confirmed and s.terms -> 'case_ids' ?| cases::text[] and s.solution is distinct from besides
                     and s.debtor_id in (select c.debtor_id from core.case c where c.case_id = any (cases)))
$$;

-- Why a proposal cannot be taken, null if it can. It leaves the cases locked.
create function core.refusal(caller jsonb, terms jsonb) returns text
language plpgsql volatile as $$
declare
    cases bigint[];
begin
    if not core.terms_are_sound(terms) then
        return 'INVALID_TERMS';
    end if;
    cases := core.lock_cases(caller, terms -> 'case_ids');
    return case
        when cardinality(cases) <> jsonb_array_length(terms -> 'case_ids') then 'NOT_FOUND'
        when exists (select from core.case c where c.case_id = any (cases) and c.status <> 'OPEN') then 'CASE_CLOSED'
        when core.is_disputed(cases) then 'DISPUTED'
        when core.is_agreed(cases)
          or exists (select from core.request r
                     where r.case_id = any (cases) and r.solution is not null
                       and r.status = 'GRANTED' and r.until >= core.today()) then 'AGREEMENT_EXISTS'
        when not core.terms_keep_the_policy(terms) then 'NOT_THE_POLICY'
    end;
end
$$;

-- Writes what is proposed: agreements that nobody has accepted, and requests for deferral.
create function core.draw_up(key uuid, debtor bigint, terms jsonb) returns void
language plpgsql volatile as $$
declare
    agreed record;
    new_id bigint;
begin
    insert into core.solution (solution, debtor_id, terms) values (key, debtor, terms);
    for agreed in
        select place, starts_on, (array_agg(amount_ore order by number))[1] as first_ore,
               max(amount_ore) = min(amount_ore) filter (where number < instalments or instalments = 1) as even
        from core.agreed_instalments(terms)
        group by place, starts_on
        order by place
    loop
        insert into core.agreement (debtor_id, status, monthly_amount_ore, started_on, solution)
        values (debtor, 'PROPOSED', case when agreed.even then agreed.first_ore end, agreed.starts_on, key)
        returning agreement_id into new_id;

        insert into core.agreement_case (agreement_id, case_id)
        select new_id, x.case_id::bigint from core.agreed_cases(terms) x where x.place = agreed.place;

        insert into core.instalment (agreement_id, number, due_on, amount_ore, fee_ore)
        select new_id, i.number, i.due_on, i.amount_ore, i.fee_ore
        from core.agreed_instalments(terms) i where i.place = agreed.place;
    end loop;

    insert into core.request (case_id, kind, requested_at, until, solution)
    select d.case_id::bigint, 'DEFERRAL', now(), d.until, key from core.deferred_cases(terms) d;
end
$$;

-- Changes the scheduled costs as the terms have it, and writes down what was changed: a
-- deferral moves them, an agreement takes away those after its first day and the fees of
-- an earlier one, and adds its own.
create function core.change_costs(key uuid, terms jsonb) returns void
language plpgsql volatile as $$
begin
    insert into core.solution_cost (solution, case_id, kind, amount_ore, taken_from, put_on)
    select key, s.case_id, s.kind, s.amount_ore, s.scheduled_on,
           case when stopped.case_id is null then later.scheduled_on end
    from core.scheduled_cost s
    left join core.deferred_cases(terms) d on d.case_id::bigint = s.case_id
    cross join lateral (select s.scheduled_on + coalesce(d.days, 0)) later (scheduled_on)
    left join lateral (
        select x.case_id
        from core.agreed_cases(terms) x
        join core.agreed_instalments(terms) i on i.place = x.place and i.number = 1
        cross join core.policy p
        where x.case_id::bigint = s.case_id
          and (p.agreement_stops_costs and later.scheduled_on > i.starts_on
               or s.kind in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE'))) stopped on true
    where s.case_id = any (array(select jsonb_array_elements_text(terms -> 'case_ids')::bigint))
      and (d.days > 0 or stopped.case_id is not null);

    insert into core.solution_cost (solution, case_id, kind, amount_ore, put_on)
    select key, x.case_id::bigint, fee.kind, fee.amount_ore, i.due_on
    from core.agreed_instalments(terms) i
    join core.agreed_cases(terms) x on x.place = i.place and x.nth = 1
    cross join core.policy p
    cross join lateral (values
        ('INSTALMENT_FEE', p.instalment_fee_ore),
        ('AGREEMENT_SETUP_FEE', case when i.number = 1 and i.instalments > p.setup_free_instalments
                                     then p.setup_fee_ore end)) fee (kind, amount_ore)
    where fee.amount_ore > 0;

    delete from core.scheduled_cost s
    using core.solution_cost x
    where x.solution = key and (s.case_id, s.kind, s.scheduled_on) = (x.case_id, x.kind, x.taken_from);

    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select case_id, put_on, kind, amount_ore from core.solution_cost where solution = key and put_on is not null;
end
$$;

-- Puts what was drawn up into force.
create function core.agree(key uuid) returns void
language sql volatile as $$
    update core.agreement a
    set status = 'ACTIVE', agreed_on = core.today(), agreed_at = now(), grace_days = p.plan_grace_days, skips_left = p.plan_skips
    from core.policy p
    where a.solution = key
$$;

-- Undoes change_costs. A cost that was charged meanwhile is no longer scheduled and stays charged.
create function core.restore_costs(key uuid) returns void
language plpgsql volatile as $$
begin
    delete from core.solution_cost x
    where x.solution = key and x.put_on is not null
      and not exists (select from core.scheduled_cost s
                      where (s.case_id, s.kind, s.scheduled_on) = (x.case_id, x.kind, x.put_on));

    delete from core.scheduled_cost s
    using core.solution_cost x
    where x.solution = key and (s.case_id, s.kind, s.scheduled_on) = (x.case_id, x.kind, x.put_on);

    insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
    select x.case_id, x.taken_from, x.kind, x.amount_ore
    from core.solution_cost x join core.case c using (case_id)
    where x.solution = key and x.taken_from is not null and c.status = 'OPEN';

    delete from core.solution_cost where solution = key;
end
$$;

-- Removes all that a solution has made, and itself.
create function core.undo(key uuid) returns void
language plpgsql volatile as $$
begin
    perform core.restore_costs(key);
    delete from core.instalment i using core.agreement a where a.agreement_id = i.agreement_id and a.solution = key;
    delete from core.agreement_case x using core.agreement a where a.agreement_id = x.agreement_id and a.solution = key;
    delete from core.agreement where solution = key;
    delete from core.request where solution = key;
    delete from core.fee where solution = key;
    delete from core.solution where solution = key;
end
$$;

create schema if not exists oversikt_rules;

create function oversikt_rules.propose_solution(
    proposal uuid, caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    reason := core.refusal(caller, input);
    status := case when reason is null then 'PROPOSED' else 'REFUSED' end;
    if reason is null then
        perform core.draw_up(proposal, core.debtor_of(caller), input);
    end if;
end
$$;

create function oversikt_rules.confirm_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform core.lock_cases(caller, input -> 'case_ids');
    perform core.change_costs(proposal, input);
    perform core.agree(proposal);
    update core.request r set status = 'GRANTED', decided_on = core.today() where r.solution = proposal;
    insert into core.fee (case_id, kind, amount_ore, incurred_on, legal_basis, solution)
    select d.case_id::bigint, 'DEFERRAL_FEE', d.fee_ore, core.today(), 'avtale om utsettelse', proposal
    from core.deferred_cases(input) d where d.fee_ore > 0;
    update core.solution s set confirmed = true, changed_at = now() where s.solution = proposal;
end
$$;

create function oversikt_rules.withdraw_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform core.lock_cases(caller, input -> 'case_ids');
    perform core.undo(proposal);
end
$$;
