-- The rules of an instalment plan: asked for, changed and cancelled. It is an agreement like that of a proposal.

-- Whether somebody can agree to what the policy does not.
create function journal.can_be_asked_for(terms jsonb) returns boolean
language plpgsql stable as $$
declare
    wide journal.policy;
begin
    select * into wide from journal.policy;
    if wide.plan_most <= wide.max_instalments then
        return false;
    end if;
    wide.max_instalments := wide.plan_most;
    wide.min_instalment := 0.01;
    return journal.terms_keep(terms, wide);
end
$$;

create function journal.grant_plan(key uuid) returns void
language plpgsql volatile as $$
begin
    perform journal.change_costs(key, f.terms) from journal.proposal f where f.proposal = key;
    perform journal.agree(key);
    update journal.agreement a set decided_on = journal.day_of(journal.today()) where a.proposal = key;
    update journal.proposal f set status = 'B' where f.proposal = key;
end
$$;

create function oversikt_rules.apply_for_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    terms constant jsonb := jsonb_build_object('case_ids', input -> 'case_ids', 'agreements', jsonb_build_array(input),
                                               'deferrals', '[]'::jsonb);
    key   constant uuid := gen_random_uuid();
    waits boolean := false;
begin
    reason := journal.refusal(caller, terms);
    if reason is null and (select min(a.due) > journal.today() + 92 from journal.proposed_instalments(terms) a) then
        reason := 'NOT_THE_POLICY';
    end if;
    if reason = 'NOT_THE_POLICY' and journal.can_be_asked_for(terms) then
        waits := true;
        reason := null;
    end if;
    if reason is null and (select min(a.due) <= journal.today() from journal.proposed_instalments(terms) a) then
        reason := 'INVALID_TERMS';
    elsif reason is null and (select not p.again from journal.policy p)
          and exists (select from journal.agreement_case x join journal.agreement a using (office, serial)
                      where terms -> 'case_ids' ? (x.case_office::text || '-' || x.case_serial::text) and a.status = 'B') then
        reason := 'AFTER_BREACH';
    end if;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    perform journal.make(key, journal.debtor_for(caller), terms);
    update journal.agreement a set status = 'V', asked_at = now() where a.proposal = key;
    if not waits then
        perform journal.grant_plan(key);
    end if;
    select jsonb_build_object('agreement_id', a.office::text || '-' || a.serial::text,
                              'status', (select k.means from journal.code k where k.list = 'agreed' and k.code = a.status))
    into result
    from journal.agreement a where a.proposal = key;
end
$$;

-- The agreement of a key, if the caller may act in all of its cases. They are locked.
create function journal.agreement_for(caller jsonb, key text) returns journal.agreement
language plpgsql volatile as $$
declare
    cases constant text[] := journal.cases_of(key);
    found journal.agreement;
begin
    if cases <> '{}' and cardinality(journal.lock_cases(caller, to_jsonb(cases))) = cardinality(cases) then
        select * into found from journal.agreement a where a.office::text || '-' || a.serial::text = key;
    end if;
    return found;
end
$$;

-- Why instalments cannot follow those of an agreement that are paid; null: they can. What was granted beyond the policy
-- holds: as many instalments, and as small.
create function journal.refused_rest(
    terms jsonb, paid integer, after date, most bigint default 0, smallest numeric default null) returns text
language plpgsql stable as $$
declare
    rule journal.policy;
begin
    select * into rule from journal.policy;
    if not coalesce((select bool_and(a.nr = paid + a.place and a.due > after and a.fee >= 0 and a.amount > 0
                                     and (a.earlier is null or a.due > a.earlier))
                     from (select x.*, row_number() over w as place, lag(x.due) over w as earlier
                           from journal.proposed_instalments(terms) x window w as (order by x.nr)) a), false) then
        return 'INVALID_TERMS';
    end if;
    return (select 'NOT_THE_POLICY'
            from journal.proposed_instalments(terms) a
            having paid + count(*) > greatest(rule.max_instalments, most)
                or bool_or(a.amount < least(rule.min_instalment, smallest) and a.nr < paid + a.instalments)
                or bool_or(a.fee <> rule.instalment_fee and not (a.nr = paid + 1 and a.fee = rule.instalment_fee + rule.setup_fee)));
end
$$;

-- Other instalments for those of an agreement that are not paid. The first case that is open bears their fees.
create function journal.replace_rest(held journal.agreement, terms jsonb) returns void
language plpgsql volatile as $$
declare
    cases constant text[] := journal.cases_of(held.office::text || '-' || held.serial::text);
begin
    delete from journal.instalment i where (i.office, i.serial) = (held.office, held.serial) and i.paid_on = 0;
    insert into journal.instalment (office, serial, number, due_on, amount, fee)
    select held.office, held.serial, a.nr, journal.day_of(a.due), a.amount, a.fee from journal.proposed_instalments(terms) a;
    update journal.agreement x
    set changed_on = journal.day_of(journal.today()),
        monthly = (select max(i.amount + i.fee)
                   from journal.instalment i
                   where (i.office, i.serial) = (held.office, held.serial)
                     and i.number < (select max(m.number) from journal.instalment m where (m.office, m.serial) = (held.office, held.serial))
                   having min(i.amount + i.fee) = max(i.amount + i.fee))
    where (x.office, x.serial) = (held.office, held.serial);
    delete from journal.planned_cost k
    where k.case_office::text || '-' || k.case_serial::text = any (cases) and k.cost in ('21', '22');
    perform journal.plan((select min(s.id) from journal.keyed s where s.id = any (cases) and s.closed_on = 0), a.due, new.cost, new.amount)
    from journal.proposed_instalments(terms) a
    cross join journal.policy p
    cross join lateral (values ('21', p.instalment_fee), ('22', a.fee - p.instalment_fee)) new (cost, amount)
    where new.amount > 0;
end
$$;

create function journal.rest_terms(cases text[], instalments jsonb) returns jsonb
language sql immutable as $$
    select jsonb_build_object('agreements', jsonb_build_array(jsonb_build_object('case_ids', to_jsonb(cases), 'instalments', instalments)))
$$;

-- The agreements of a case, with their cases that are open and how many of their instalments are paid.
create function journal.agreements_in(case_id text)
returns table (held journal.agreement, cases text[], paid integer)
language sql stable as $$
    select a, array(select s.id from journal.keyed s
                    where s.id = any (journal.cases_of(a.office::text || '-' || a.serial::text)) and s.closed_on = 0 order by s.id),
           (select count(*)::integer from journal.instalment i where (i.office, i.serial) = (a.office, a.serial) and i.paid_on > 0)
    from journal.agreement a join journal.agreement_case x using (office, serial)
    where x.case_office::text || '-' || x.case_serial::text = $1
$$;

-- What becomes of the agreement of a case in which an objection was decided. Without an open case it ends.
create function journal.agreement_after(case_id text, instalments jsonb) returns void
language plpgsql volatile as $$
declare
    found record;
begin
    for found in select a.* from journal.agreements_in(case_id) a where (a.held).status in ('A', 'V') loop
        if (found.held).status = 'V' then
            if found.cases = '{}' then
                perform journal.undo((found.held).proposal);
            end if;
            continue;
        end if;
        delete from journal.proposal_cost e where e.proposal = (found.held).proposal and e.case_id <> all (found.cases);
        if found.cases = '{}' then
            perform journal.end_agreement((found.held).office::text || '-' || (found.held).serial::text, 'S', journal.today());
        elsif jsonb_typeof(instalments) = 'array' then
            perform journal.replace_rest(found.held, journal.rest_terms(found.cases, instalments));
        end if;
    end loop;
end
$$;

create function oversikt_rules.change_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    found journal.agreement := journal.agreement_for(caller, input ->> 'agreement_id');
    cases constant text[] := journal.cases_of(input ->> 'agreement_id');
    terms constant jsonb := journal.rest_terms(cases, input -> 'instalments');
    bears constant text := (journal.still_open(cases))[1];
    paid  integer;
    next  date;
    later integer;
begin
    select count(*) filter (where i.paid_on > 0), journal.date_of(min(i.due_on) filter (where i.paid_on = 0)) into paid, next
    from journal.instalment i where (i.office, i.serial) = (found.office, found.serial);
    reason := case
        when found.serial is null then 'NOT_FOUND'
        when found.status <> 'A' or next is null or bears is null then 'NO_AGREEMENT'
        when journal.is_disputed(cases) then 'DISPUTED'
        else (select journal.refused_rest(terms, paid, journal.today(), count(*), min(i.amount) filter (where i.number < i.last))
              from (select i.*, max(i.number) over () as last from journal.instalment i
                    where (i.office, i.serial) = (found.office, found.serial)) i)
    end;
    if reason is null then
        later := (select min(a.due) - next from journal.proposed_instalments(terms) a);
        reason := case when later > 38 then 'NOT_THE_POLICY'
                       when later > 0 and (found.skips > 0) is not true then 'NO_SKIPS_LEFT' end;
    end if;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    perform journal.replace_rest(found, terms);
    update journal.agreement x set skips = x.skips - (later > 0)::integer where (x.office, x.serial) = (found.office, found.serial);
end
$$;

create function oversikt_rules.cancel_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    found journal.agreement := journal.agreement_for(caller, input ->> 'agreement_id');
begin
    reason := case when found.serial is null then 'NOT_FOUND' when found.status not in ('A', 'V') then 'NO_AGREEMENT' end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if found.status = 'V' then
        perform journal.undo(found.proposal);
    elsif found.status = 'A' then
        perform journal.end_agreement(input ->> 'agreement_id', 'S', journal.today());
    end if;
end
$$;

-- The agreement of a key that was asked for, for a case worker. Its cases are locked.
create function journal.plan_at_desk(caller jsonb, key text) returns journal.agreement
language plpgsql volatile as $$
declare
    held journal.agreement;
begin
    perform from journal.case s
    where s.office::text || '-' || s.serial::text = any (journal.cases_of(key)) and caller -> 'staff' = 'true' and s.deleted_at is null
    order by s.office, s.serial
    for update;
    if found then
        select a.* into held from journal.agreement a where a.office::text || '-' || a.serial::text = key and a.asked_at is not null;
    end if;
    return held;
end
$$;

-- Other instalments for an agreement that does not run.
create function journal.redraw(held journal.agreement, plan jsonb) returns void
language plpgsql volatile as $$
begin
    update journal.proposal f set terms = plan where f.proposal = held.proposal;
    delete from journal.instalment i where (i.office, i.serial) = (held.office, held.serial);
    insert into journal.instalment (office, serial, number, due_on, amount, fee)
    select held.office, held.serial, a.nr, journal.day_of(a.due), a.amount, a.fee from journal.proposed_instalments(plan) a;
    update journal.agreement x
    set started_on = n.started_on, monthly = n.monthly
    from (select journal.day_of(min(a.due)) as started_on,
                 case when max(a.amount + a.fee) = min(a.amount + a.fee) filter (where a.nr < a.instalments or a.instalments = 1)
                      then max(a.amount + a.fee) end as monthly
          from journal.proposed_instalments(plan) a) n
    where (x.office, x.serial) = (held.office, held.serial);
end
$$;

create function oversikt_rules.decide_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    granted constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    words   constant text := nullif(btrim(input ->> 'reply'), '');
    held    journal.agreement := journal.plan_at_desk(caller, input ->> 'agreement_id');
    cases   constant text[] := journal.cases_of(input ->> 'agreement_id');
    plan    jsonb := (select f.terms from journal.proposal f where f.proposal = held.proposal);
begin
    if input ->> 'instalments' is not null then
        plan := jsonb_set(plan, '{agreements,0,instalments}', input -> 'instalments');
    end if;
    reason := case
        when granted is null or length(words) > 2000 or not granted and words is null then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status <> 'V' then 'ALREADY_DECIDED'
        when not granted then null
        when exists (select from journal.keyed s where s.id = any (cases) and s.closed_on > 0) then 'CASE_CLOSED'
        when journal.is_disputed(cases) then 'DISPUTED'
        when journal.has_agreement(cases, held.proposal) then 'AGREEMENT_EXISTS'
        when not journal.terms_are_whole(plan)
          or (select min(a.due) <= journal.today() from journal.proposed_instalments(plan) a) then 'INVALID_TERMS'
        when not journal.terms_keep_policy(plan) and not journal.can_be_asked_for(plan) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if granted then
        perform journal.redraw(held, plan);
        perform journal.grant_plan(held.proposal);
        update journal.agreement a set reply = words where (a.office, a.serial) = (held.office, held.serial);
    else
        update journal.agreement a set status = 'N', decided_on = journal.day_of(journal.today()), reply = words, proposal = null
        where (a.office, a.serial) = (held.office, held.serial);
        delete from journal.proposal f where f.proposal = held.proposal;
    end if;
end
$$;
