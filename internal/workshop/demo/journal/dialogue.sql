-- The rules of what a debtor asks for in a case: more time, a breathing space, objections.

-- Notes that more time is asked for, with what the planned costs would be.
create function journal.ask_to_defer(case_id text, until date, reason text, charge numeric) returns journal.deferral
language plpgsql volatile as $$
declare
    planned constant journal.planned_cost[] := array(
        select k from journal.planned_cost k where k.case_office::text || '-' || k.case_serial::text = $1);
    new     journal.deferral;
begin
    insert into journal.deferral (office, serial, case_office, case_serial, status, requested_at, until, reason, fee,
                                  cost_before, cost_after)
    select s.office, nextval('journal.serials'), s.office, s.serial, '0', now(), journal.day_of($2), $3, charge,
           (select coalesce(sum(p.amount), 0) from unnest(planned) p where journal.date_of(p.planned_on) <= $2),
           (select coalesce(sum(p.amount), 0) from unnest(planned) p
            where journal.date_of(p.planned_on) + ($2 - journal.today()) <= $2) + charge
    from journal.keyed s where s.id = $1
    returning * into new;
    return new;
end
$$;

-- Grants more time from today until a day: the planned costs move by the days.
create function journal.grant_deferral(asked journal.deferral, until date, reply text) returns journal.deferral
language plpgsql volatile as $$
declare
    days    constant integer := $2 - journal.today();
    id      constant text := asked.case_office::text || '-' || asked.case_serial::text;
    planned constant journal.planned_cost[] := array(
        select k from journal.planned_cost k where (k.case_office, k.case_serial) = (asked.case_office, asked.case_serial));
    made    journal.deferral;
begin
    perform journal.unplan(id, journal.date_of(p.planned_on), p.cost) from unnest(planned) p;
    perform journal.plan(id, journal.date_of(p.planned_on) + days, p.cost, p.amount) from unnest(planned) p;
    if asked.fee > 0 then
        perform journal.book_deferral_fee(id, asked.fee, null);
    end if;
    update journal.deferral x
    set status = '1', until = journal.day_of($2), decided_on = journal.day_of(journal.today()), reply = $3,
        cost_before = (select coalesce(sum(p.amount), 0) from unnest(planned) p where journal.date_of(p.planned_on) <= $2),
        cost_after = x.fee + (select coalesce(sum(p.amount), 0) from unnest(planned) p where journal.date_of(p.planned_on) + days <= $2)
    where (x.office, x.serial) = (asked.office, asked.serial)
    returning * into made;
    return made;
end
$$;

create function journal.is_deferred(case_id text, day date) returns boolean
language sql stable as $$
    select exists (select from journal.deferral x
                   where x.case_office::text || '-' || x.case_serial::text = $1
                     and (x.status = '1' and journal.date_of(x.until) >= $2 or x.status = '0' and x.proposal is null))
        or exists (select from journal.stop x join journal.keyed s on (s.office, s.serial) = (x.case_office, x.case_serial)
                   where s.id = $1 and x.why = '2' and (x.until = 0 or journal.date_of(x.until) >= $2))
$$;

create function oversikt_rules.request_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    day    constant date := journal.date_in(input ->> 'until');
    rule   journal.policy;
    locked text[];
    found  journal.keyed;
    new    journal.deferral;
begin
    select * into rule from journal.policy;
    locked := journal.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into found from journal.keyed s where s.id = any (locked);
    reason := case
        when (day > journal.today()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when found.id is null then 'NOT_FOUND'
        when found.closed_on > 0 then 'CASE_CLOSED'
        when journal.is_disputed(locked) then 'DISPUTED'
        when journal.has_agreement(locked) then 'AGREEMENT_EXISTS'
        when journal.is_deferred(found.id, journal.today()) then 'DEFERRAL_EXISTS'
        when found.phase in ('10', '20') then 'TOO_EARLY'
        when day - journal.today() > greatest(rule.max_deferral, rule.max_asked) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    new := journal.ask_to_defer(found.id, day, input ->> 'reason', rule.deferral_fee);
    if day - journal.today() <= rule.max_deferral then
        new := journal.grant_deferral(new, day, null);
    end if;
    result := jsonb_build_object('deferral_id', new.office::text || '-' || new.serial::text,
        'status', (select k.means from journal.code k where k.list = 'deferral' and k.code = new.status),
        'cost_before_ore', round(new.cost_before * 100)::bigint, 'cost_after_ore', round(new.cost_after * 100)::bigint);
end
$$;

create function oversikt_rules.request_breathing_space(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    day    constant date := journal.date_in(input ->> 'until');
    debtor constant text := journal.debtor_for(caller);
    rule   journal.policy;
    cases  text[];
    one    text;
    new    journal.deferral;
begin
    select * into rule from journal.policy;
    cases := journal.lock_cases(caller, (select jsonb_agg(s.id) from journal.keyed s where s.debtor_id = debtor));
    cases := array(select s.id
                   from journal.keyed s
                   where s.id = any (cases) and s.closed_on = 0 and s.phase not in ('10', '20')
                     and not journal.is_disputed(array[s.id]) and not journal.has_agreement(array[s.id])
                     and not journal.is_deferred(s.id, day)
                   order by s.id);
    reason := case
        when (day > journal.today()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when debtor is null then 'NOT_FOUND'
        when cases = '{}' then 'NOTHING_OPEN'
        when day - journal.today() > greatest(rule.max_deferral, rule.max_asked) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    foreach one in array cases loop
        new := journal.ask_to_defer(one, day, input ->> 'reason', 0);
        if day - journal.today() <= rule.max_deferral then
            perform journal.grant_deferral(new, day, null);
        end if;
    end loop;
    result := jsonb_build_object('status', case when day - journal.today() <= rule.max_deferral then 'GRANTED' else 'REQUESTED' end,
        'until', day, 'case_ids', to_jsonb(cases));
end
$$;

-- The request for more time of a key, for a case worker. Its case is locked.
create function journal.deferral_at_desk(caller jsonb, key text) returns journal.deferral
language plpgsql volatile as $$
declare
    held journal.deferral;
begin
    perform from journal.case s
    where (s.office, s.serial) = (select x.case_office, x.case_serial from journal.deferral x
                                  where x.office::text || '-' || x.serial::text = key)
      and caller -> 'staff' = 'true' and s.deleted_at is null
    for update;
    if found then
        select x.* into held from journal.deferral x where x.office::text || '-' || x.serial::text = key;
    end if;
    return held;
end
$$;

create function oversikt_rules.decide_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    granted constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    words   constant text := nullif(btrim(input ->> 'reply'), '');
    held    journal.deferral := journal.deferral_at_desk(caller, input ->> 'deferral_id');
    case_id constant text := held.case_office::text || '-' || held.case_serial::text;
    day     constant date := case when input ->> 'until' is null then journal.date_of(held.until)
                                  else journal.date_in(input ->> 'until') end;
begin
    reason := case
        when granted is null or length(words) > 2000 or not granted and words is null
          or granted and held.serial is not null and (day > journal.today()) is not true then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status <> '0' or held.proposal is not null then 'ALREADY_DECIDED'
        when granted and exists (select from journal.keyed s where s.id = case_id and s.closed_on > 0) then 'CASE_CLOSED'
        when granted and journal.is_disputed(array[case_id]) then 'DISPUTED'
        when granted and journal.has_agreement(array[case_id]) then 'AGREEMENT_EXISTS'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        if granted then
            perform journal.grant_deferral(held, day, words);
        else
            update journal.deferral x set status = '2', decided_on = journal.day_of(journal.today()), reply = words
            where (x.office, x.serial) = (held.office, held.serial);
        end if;
    end if;
end
$$;

-- How many files come with an act: none for a null, and null for what is no number of files.
create function journal.files_in(input jsonb) returns smallint
language sql immutable as $$
    select case when coalesce(input -> 'files', 'null') = 'null' then 0::smallint
                when (input -> 'files')::text ~ '^[1-5]$' then (input -> 'files')::text::smallint end
$$;

create function oversikt_rules.submit_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    reasons  text[] := '{}';
    words    constant text := nullif(btrim(input ->> 'statement'), '');
    disputed constant numeric := (input ->> 'disputed_amount_ore')::numeric / 100;
    count    constant smallint := journal.files_in(input);
    locked   text[];
    found    journal.keyed;
    new      bigint := nextval('journal.serials');
begin
    if jsonb_typeof(input -> 'reasons') = 'array' then
        reasons := array(select (select k.code from journal.code k where k.list = 'reason' and k.means = g)
                         from jsonb_array_elements_text(input -> 'reasons') g);
    end if;
    locked := journal.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into found from journal.keyed s where s.id = any (locked);
    reason := case
        when reasons = '{}' and words is null or array_position(reasons, null) is not null or length(words) > 4000
          or disputed <= 0 or cardinality(reasons) > 10 or count is null then 'INVALID_INPUT'
        when found.id is null then 'NOT_FOUND'
        when found.closed_on > 0 then 'CASE_CLOSED'
        when journal.is_disputed(locked) then 'OBJECTION_EXISTS'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    insert into journal.objection (office, serial, case_office, case_serial, status, reasons, statement, submitted_at, disputed, contact,
                                   files)
    values (found.office, new, found.office, found.serial, 'M', array_to_string(reasons, ','), words, now(), disputed,
            (input ->> 'contact_with_creditor')::boolean, count);
    -- Fees of an agreement are no step of collection: they run with it.
    insert into journal.stopped_cost (office, serial, planned_on, cost, amount)
    select found.office, new, k.planned_on, k.cost, k.amount
    from journal.planned_cost k
    where (k.case_office, k.case_serial) = (found.office, found.serial) and k.cost not in ('21', '22');
    delete from journal.planned_cost k
    where (k.case_office, k.case_serial) = (found.office, found.serial) and k.cost not in ('21', '22');
    result := jsonb_build_object('objection_id', found.office::text || '-' || new::text);
end
$$;

-- The objection of a key in a case that the caller may act in, which is locked.
create function journal.objection_for(caller jsonb, key text) returns journal.objection
language plpgsql volatile as $$
declare
    locked text[];
    found  journal.objection;
begin
    locked := journal.lock_cases(caller, (select jsonb_agg(x.case_office::text || '-' || x.case_serial::text)
                                          from journal.objection x where x.office::text || '-' || x.serial::text = key));
    select x.* into found from journal.objection x
    where x.office::text || '-' || x.serial::text = key and x.case_office::text || '-' || x.case_serial::text = any (locked);
    return found;
end
$$;

create function oversikt_rules.add_to_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    words constant text := nullif(btrim(input ->> 'statement'), '');
    count constant smallint := journal.files_in(input);
    found journal.objection := journal.objection_for(caller, input ->> 'objection_id');
begin
    reason := case
        when words is null or length(words) > 4000 or count is null then 'INVALID_INPUT'
        when found.serial is null then 'NOT_FOUND'
        when found.status not in ('M', 'B') then 'OBJECTION_DECIDED'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        update journal.objection x set statement = coalesce(x.statement || E'\n\n', '') || words, files = x.files + count
        where (x.office, x.serial) = (found.office, found.serial);
    end if;
end
$$;

create function oversikt_rules.withdraw_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    found journal.objection := journal.objection_for(caller, input ->> 'objection_id');
begin
    reason := case
        when found.serial is null then 'NOT_FOUND'
        when found.status not in ('M', 'B') then 'OBJECTION_DECIDED'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        update journal.objection x set status = 'T', withdrawn_on = journal.day_of(journal.today())
        where (x.office, x.serial) = (found.office, found.serial);
        insert into journal.planned_cost (case_office, case_serial, planned_on, cost, amount)
        select found.case_office, found.case_serial,
               journal.day_of(journal.date_of(k.planned_on) + (journal.today() - (found.submitted_at at time zone 'Europe/Oslo')::date)),
               k.cost, k.amount
        from journal.stopped_cost k
        where (k.office, k.serial) = (found.office, found.serial)
          and exists (select from journal.case c where (c.office, c.serial) = (found.case_office, found.case_serial) and c.closed_on = 0)
        on conflict do nothing;
        delete from journal.stopped_cost k where (k.office, k.serial) = (found.office, found.serial);
    end if;
end
$$;

-- What is booked on an account by a voucher and its credit notes, in kroner, rounded as views.sql does.
create function journal.booked(v journal.voucher, of smallint) returns numeric
language sql stable as $$
    select coalesce(sum((select round(sum(p.amount), 2) from journal.posting p
                         where p.office = w.office and p.voucher = w.serial and p.booked_on = w.booked_on and p.account = $2)), 0)
    from journal.voucher w
    where (w.office, w.serial) = (v.office, v.serial)
       or w.reverses_office = v.office and w.reverses_serial = v.serial and w.kind = 'C' and w.deleted_at is null
$$;

-- Takes an amount off what a case claims, by credit notes to its invoices: the latest first.
create function journal.credit(case_id text, amount numeric) returns void
language plpgsql volatile as $$
declare
    left_over numeric := amount;
    taken     numeric;
    invoice   journal.voucher;
    new       journal.voucher;
begin
    for invoice in
        select v.* from journal.voucher v
        where v.case_office::text || '-' || v.case_serial::text = $1 and v.kind = 'K' and v.deleted_at is null
        order by v.place desc, v.serial desc
    loop
        taken := least(journal.booked(invoice, 1500::smallint), left_over);
        continue when taken <= 0;
        insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, reverses_office, reverses_serial)
        values (invoice.office, nextval('journal.serials'), 'C', invoice.case_office, invoice.case_serial,
                journal.day_of(journal.today()), invoice.office, invoice.serial)
        returning * into new;
        insert into journal.posting (office, voucher, line, booked_on, account, amount)
        values (new.office, new.serial, 1, new.booked_on, 1500, -taken), (new.office, new.serial, 2, new.booked_on, 2400, taken);
        left_over := left_over - taken;
    end loop;
end
$$;

-- What is not paid of the principal of a case.
create function journal.unpaid(case_id text) returns numeric
language sql stable as $$
    select coalesce(sum(journal.booked(v, 1500::smallint)), 0)
    from journal.voucher v
    where v.case_office::text || '-' || v.case_serial::text = $1 and v.kind in ('K', 'P') and v.deleted_at is null
$$;

-- Collection goes on by a new deadline, and what was stopped comes after it.
create function journal.resume(held journal.objection, deadline date) returns void
language plpgsql volatile as $$
declare
    stopped constant journal.stopped_cost[] := array(
        select k from journal.stopped_cost k where (k.office, k.serial) = (held.office, held.serial));
    days    integer;
begin
    select greatest(journal.today() - (held.submitted_at at time zone 'Europe/Oslo')::date,
                    deadline + 1 - min(journal.date_of(k.planned_on))) into days from unnest(stopped) k;
    insert into journal.planned_cost (case_office, case_serial, planned_on, cost, amount)
    select held.case_office, held.case_serial, journal.day_of(journal.date_of(k.planned_on) + days), k.cost, k.amount
    from unnest(stopped) k
    on conflict do nothing;
    delete from journal.stopped_cost k where (k.office, k.serial) = (held.office, held.serial);
    update journal.case s set due_on = journal.day_of(deadline) where (s.office, s.serial) = (held.case_office, held.case_serial);
end
$$;

-- The objection of a key, for a case worker. Its case is locked, and those that are in an agreement with it.
create function journal.objection_at_desk(caller jsonb, key text) returns journal.objection
language plpgsql volatile as $$
declare
    held journal.objection;
begin
    perform from journal.case s
    where (s.office, s.serial) in (
        select x.case_office, x.case_serial from journal.objection x where x.office::text || '-' || x.serial::text = key
        union all
        select o.case_office, o.case_serial
        from journal.objection x
        join journal.agreement_case c using (case_office, case_serial)
        join journal.agreement_case o on (o.office, o.serial) = (c.office, c.serial)
        where x.office::text || '-' || x.serial::text = key)
      and caller -> 'staff' = 'true' and s.deleted_at is null
    order by s.office, s.serial
    for update;
    if found then
        select x.* into held from journal.objection x where x.office::text || '-' || x.serial::text = key;
    end if;
    return held;
end
$$;

create function oversikt_rules.decide_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    decision   constant text := (select k.code from journal.code k where k.list = 'objection' and k.means = input ->> 'decision');
    words      constant text := nullif(btrim(input ->> 'reply'), '');
    opinion    constant text := nullif(btrim(input ->> 'creditor_standpoint'), '');
    reduction  constant numeric := (input ->> 'reduction_ore')::numeric / 100;
    earliest   constant date := journal.today() + 14;
    deadline   constant date := case when input ->> 'deadline' is null then earliest else journal.date_in(input ->> 'deadline') end;
    held       journal.objection := journal.objection_at_desk(caller, input ->> 'objection_id');
    found      journal.keyed;
begin
    select s.* into found from journal.keyed s where (s.office, s.serial) = (held.case_office, held.case_serial);
    reason := case
        when (decision in ('G', 'D', 'A', 'F')) is not true or decision <> 'G' and words is null
          or length(words) > 2000 or length(opinion) > 2000
          or (decision = 'D') <> (reduction is not null) or reduction <= 0 or (deadline >= earliest) is not true then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status not in ('M', 'B') then 'ALREADY_DECIDED'
        when found.closed_on > 0 and decision in ('D', 'F') then 'CASE_CLOSED'
        when found.step is not null and decision = 'F' then 'BEFORE_COURT'
        when reduction >= journal.unpaid(found.id) then 'TOO_MUCH'
        when jsonb_typeof(input -> 'instalments') = 'array'
            then (select case when journal.refused_rest(journal.rest_terms(a.cases, input -> 'instalments'), a.paid, '-infinity')
                                   = 'INVALID_TERMS' then 'INVALID_TERMS' end
                  from journal.agreements_in(found.id) a where (a.held).status = 'A')
    end;
    status := 'REFUSED';
    if reason is not null then
        return;
    end if;
    status := 'DONE';
    update journal.objection x
    set status = decision, decided_on = journal.day_of(journal.today()), reply = words, standpoint = opinion
    where (x.office, x.serial) = (held.office, held.serial);
    if found.closed_on > 0 then
        return;
    end if;
    if decision = 'D' then
        perform journal.credit(found.id, reduction);
    end if;
    if decision = 'G' then
        update journal.case s set phase = '80', closed_on = journal.day_of(journal.today())
        where (s.office, s.serial) = (found.office, found.serial);
        delete from journal.planned_cost k where (k.case_office, k.case_serial) = (found.office, found.serial);
    elsif decision = 'F' then
        update journal.case s set phase = '60', step = 'K', due_on = 0 where (s.office, s.serial) = (found.office, found.serial);
    else
        perform journal.resume(held, deadline);
    end if;
    if decision <> 'F' then
        perform journal.agreement_after(found.id, input -> 'instalments');
    end if;
end
$$;
