-- The rules of a combined payment solution (betalingsforslag), on cases by the key that Oversikt
-- has of them.

create sequence journal.serials start 1000000000000;            -- of rows that acts make, in any office

create view journal.keyed as
select c.office::text || '-' || c.serial::text as id, c.debtor_office::text || '-' || c.debtor_serial::text as debtor_id, c.*
from journal.case c
where c.deleted_at is null;

create function journal.proposed_cases(terms jsonb) returns table (agreement bigint, place bigint, case_id text)
language sql immutable as $$
    select a.nr, s.nr, s.case_id
    from jsonb_array_elements(terms -> 'agreements') with ordinality a (content, nr)
    cross join jsonb_array_elements_text(a.content -> 'case_ids') with ordinality s (case_id, nr)
$$;

create function journal.proposed_instalments(terms jsonb)
returns table (agreement bigint, nr integer, instalments bigint, started date, due date, amount numeric, fee numeric)
language sql immutable as $$
    select a.nr, x.number, count(*) over one, min(x.due_on) over one, x.due_on,
           (x.amount_ore - x.fee_ore) / 100.0, x.fee_ore / 100.0
    from jsonb_array_elements(terms -> 'agreements') with ordinality a (content, nr)
    cross join jsonb_to_recordset(a.content -> 'instalments')
        x (number integer, due_on date, amount_ore bigint, fee_ore bigint)
    window one as (partition by a.nr)
$$;

create function journal.proposed_deferrals(terms jsonb)
returns table (case_id text, until date, days integer, fee numeric)
language sql immutable as $$
    select case_id, until, days, fee_ore / 100.0
    from jsonb_to_recordset(terms -> 'deferrals') x (case_id text, until date, days integer, fee_ore bigint)
$$;

-- Whether the terms can be read in one way only.
create function journal.terms_are_whole(terms jsonb) returns boolean
language plpgsql immutable as $$
declare
    cases jsonb := terms -> 'case_ids';
begin
    return coalesce(
        jsonb_array_length(cases) > 0
        and not exists (select from jsonb_array_elements_text(cases) s (id) group by id having count(*) > 1)
        and not exists (select from journal.proposed_cases(terms)
                        group by case_id having count(*) > 1 or not cases ? case_id)
        and not exists (select from journal.proposed_deferrals(terms)
                        group by case_id
                        having count(*) > 1 or (cases ? case_id) is not true
                            or count(*) <> count(until + days) or count(fee) = 0)
        and not exists (select from jsonb_array_elements(terms -> 'agreements') a
                        where coalesce(jsonb_array_length(a -> 'case_ids'), 0) = 0
                           or coalesce(jsonb_array_length(a -> 'instalments'), 0) = 0)
        and not exists (select from journal.proposed_instalments(terms) a
                        where (a.amount > 0 and a.fee >= 0 and a.due is not null and a.nr between 1 and a.instalments) is not true)
        and not exists (select
                        from journal.proposed_instalments(terms) a
                        join journal.proposed_instalments(terms) b on b.agreement = a.agreement and b.nr = a.nr - 1
                        where b.due >= a.due)
        and not exists (select from journal.proposed_instalments(terms)
                        group by agreement, nr having count(*) > 1), false);
end
$$;

create function journal.terms_keep(terms jsonb, r journal.policy) returns boolean
language sql stable as $$
    select not exists (
        select
        from journal.proposed_instalments(terms) a
        where a.instalments > r.max_instalments
           or a.nr < a.instalments and a.amount < r.min_instalment
           or a.fee <> r.instalment_fee + case when a.nr = 1 and a.instalments > r.setup_free then r.setup_fee else 0 end)
    and not exists (
        select
        from journal.proposed_cases(terms) x
        join journal.keyed s on s.id = x.case_id
        join journal.proposed_instalments(terms) a on a.agreement = x.agreement and a.nr = 1
        where x.place > 1 and not r.joint
           or (journal.date_of(s.agreement_from) <= a.due) is not true)
    and not exists (
        select
        from journal.proposed_cases(terms) x join journal.keyed s on s.id = x.case_id
        group by x.agreement
        having count(distinct coalesce(s.agreement_group, '')) > 1)
    and not exists (
        select
        from journal.proposed_deferrals(terms) u
        where u.days not between 1 and r.max_deferral
           or u.until > journal.today() + r.max_deferral
           or u.fee <> r.deferral_fee)
$$;

create function journal.terms_keep_policy(terms jsonb) returns boolean
language sql stable as $$
    select journal.terms_keep(terms, r) from journal.policy r
$$;

-- The debtor for whom somebody asks, by key.
create function journal.debtor_for(caller jsonb) returns text
language sql stable as $$
    select d.office::text || '-' || d.serial::text from journal.debtor d
    where d.national_id = caller ->> 'national_id' and d.deleted_at is null
    union all
    select s.debtor_id from journal.keyed s where s.id = caller ->> 'case_id'
$$;

-- Plans costs.
create function journal.plan(case_id text, planned_on date, cost text, amount numeric) returns void
language sql volatile as $$
    insert into journal.planned_cost (case_office, case_serial, planned_on, cost, amount)
    select s.office, s.serial, journal.day_of($2), $3, $4 from journal.keyed s where s.id = $1
$$;

-- Takes planned costs away.
create function journal.unplan(case_id text, planned_on date, cost text) returns void
language sql volatile as $$
    delete from journal.planned_cost k
    where k.case_office::text || '-' || k.case_serial::text = $1 and k.planned_on = journal.day_of($2) and k.cost = $3
$$;

-- The cases of an agreement, by their keys.
create function journal.cases_of(agreement text) returns text[]
language sql stable as $$
    select coalesce(array_agg(x.case_office::text || '-' || x.case_serial::text order by x.case_office::text || '-' || x.case_serial::text), '{}')
    from journal.agreement_case x
    where x.office::text || '-' || x.serial::text = $1
$$;

-- Those of some cases that are open.
create function journal.still_open(cases text[]) returns text[]
language sql stable as $$
    select array_agg(s.id order by s.id) from journal.keyed s where s.id = any (cases) and s.closed_on = 0
$$;

-- Ends an agreement. From the day on collection goes on in the cases that are open, with the costs that it
-- stopped, as many days later as it has stood.
create function journal.end_agreement(agreement text, how text, day date) returns void
language plpgsql volatile as $$
declare
    ended journal.agreement;
    cases constant text[] := journal.cases_of(agreement);
begin
    update journal.agreement a set status = how, ended_on = journal.day_of(day)
    where a.office::text || '-' || a.serial::text = agreement
    returning * into ended;
    delete from journal.planned_cost k
    where k.case_office::text || '-' || k.case_serial::text = any (cases) and k.cost in ('21', '22')
      and k.planned_on >= journal.day_of(day);
    perform journal.plan(e.case_id, e.was_on + (day - journal.date_of(ended.agreed_on)), e.cost, e.amount)
    from journal.proposal_cost e
    where e.proposal = ended.proposal and e.case_id = any (journal.still_open(cases)) and e.comes_on is null and e.cost not in ('21', '22')
      and not exists (select from journal.planned_cost k
                      where (k.case_office::text || '-' || k.case_serial::text, k.cost, k.planned_on)
                          = (e.case_id, e.cost, journal.day_of(e.was_on + (day - journal.date_of(ended.agreed_on)))));
    delete from journal.proposal_cost e where e.proposal = ended.proposal and e.case_id = any (cases);
end
$$;

-- Notes which agreements of some cases are broken.
create function journal.break_agreements(cases text[]) returns void
language plpgsql volatile as $$
declare
    late journal.late;
begin
    for late in select l.* from journal.late l where l.breach_on <= journal.today() and journal.cases_of(l.agreement) && cases loop
        update journal.agreement a set warned_on = journal.day_of(late.warned_on), breach_on = journal.day_of(late.breach_on)
        where a.office::text || '-' || a.serial::text = late.agreement;
        perform journal.end_agreement(late.agreement, 'B', late.breach_on);
    end loop;
end
$$;

-- Locks those of the cases that the caller may act in and returns their keys. Rows that
-- refer to one of them, such as vouchers and objections, cannot be added meanwhile.
create function journal.lock_cases(caller jsonb, cases jsonb) returns text[]
language plpgsql volatile as $$
declare
    locked constant text[] := array(
        select s.id
        from journal.keyed s
        where s.debtor_id = journal.debtor_for(caller)
          and s.id = coalesce(caller ->> 'case_id', s.id)
          and cases ? s.id
        order by s.id
        for update);
begin
    perform journal.break_agreements(locked);
    return locked;
end
$$;

create function journal.is_disputed(cases text[]) returns boolean
language sql stable as $$
    select exists (select from journal.objection x
                   where x.case_office::text || '-' || x.case_serial::text = any (cases) and x.status in ('M', 'B'))
        or exists (select from journal.stop x join journal.keyed s on (s.office, s.serial) = (x.case_office, x.case_serial)
                   where s.id = any (cases) and x.why = '1' and (x.until = 0 or x.until >= journal.day_of(journal.today())))
$$;

-- Whether an agreement runs, or a proposal waits to be confirmed, besides one.
create function journal.has_agreement(cases text[], besides uuid default null) returns boolean
language sql stable as $$
    select exists (select from journal.agreement_case x join journal.agreement a using (office, serial)
                   where x.case_office::text || '-' || x.case_serial::text = any (cases) and a.status = 'A')
        or exists (select from journal.proposal f
                   where f.status = 'F' and f.terms -> 'case_ids' ?| cases and f.proposal is distinct from besides
                     and f.debtor_id in (select s.debtor_id from journal.keyed s where s.id = any (cases)))
$$;

-- Why a proposal is refused, null if it is not. The cases stay locked.
create function journal.refusal(caller jsonb, terms jsonb) returns text
language plpgsql volatile as $$
declare
    cases text[];
begin
    if not journal.terms_are_whole(terms) then
        return 'INVALID_TERMS';
    end if;
    cases := journal.lock_cases(caller, terms -> 'case_ids');
    if cardinality(cases) <> jsonb_array_length(terms -> 'case_ids') then
        return 'NOT_FOUND';
    end if;
    if exists (select from journal.keyed s where s.id = any (cases) and s.closed_on > 0) then
        return 'CASE_CLOSED';
    end if;
    if journal.is_disputed(cases) then
        return 'DISPUTED';
    end if;
    if journal.has_agreement(cases)
       or exists (select from journal.deferral x
                  where x.case_office::text || '-' || x.case_serial::text = any (cases)
                    and x.proposal is not null and x.status = '1' and x.until >= journal.day_of(journal.today())) then
        return 'AGREEMENT_EXISTS';
    end if;
    if not journal.terms_keep_policy(terms) then
        return 'NOT_THE_POLICY';
    end if;
    return null;
end
$$;

-- Writes agreements as proposed and deferrals as received.
create function journal.make(key uuid, debtor text, terms jsonb) returns void
language plpgsql volatile as $$
declare
    one record;
    new bigint;
begin
    insert into journal.proposal (proposal, debtor_id, terms) values (key, debtor, terms);
    for one in
        select a.agreement, a.started, max(a.amount + a.fee) filter (where a.nr = 1) as first,
               max(a.amount + a.fee) = min(a.amount + a.fee) filter (where a.nr < a.instalments or a.instalments = 1) as even
        from journal.proposed_instalments(terms) a
        group by a.agreement, a.started
    loop
        new := nextval('journal.serials');
        insert into journal.agreement (office, serial, debtor_office, debtor_serial, kind, status, monthly, started_on, proposal)
        select d.office, new, d.office, d.serial, 'A', 'F', case when one.even then one.first end, journal.day_of(one.started), key
        from journal.debtor d where d.office::text || '-' || d.serial::text = debtor;

        insert into journal.agreement_case (office, serial, case_office, case_serial)
        select a.office, a.serial, s.office, s.serial
        from journal.proposed_cases(terms) x join journal.keyed s on s.id = x.case_id
        join journal.agreement a on a.serial = new and a.proposal = key
        where x.agreement = one.agreement;

        insert into journal.instalment (office, serial, number, due_on, amount, fee)
        select a.office, a.serial, x.nr, journal.day_of(x.due), x.amount, x.fee
        from journal.proposed_instalments(terms) x
        join journal.agreement a on a.serial = new and a.proposal = key
        where x.agreement = one.agreement;
    end loop;

    insert into journal.deferral (office, serial, case_office, case_serial, status, requested_at, until, proposal)
    select s.office, nextval('journal.serials'), s.office, s.serial, '0', now(), journal.day_of(u.until), key
    from journal.proposed_deferrals(terms) u join journal.keyed s on s.id = u.case_id;
end
$$;

-- Moves and takes away planned costs, those of an earlier agreement too, adds those of the
-- new ones, and notes each change.
create function journal.change_costs(key uuid, terms jsonb) returns void
language plpgsql volatile as $$
begin
    insert into journal.proposal_cost (proposal, case_id, cost, amount, was_on, comes_on)
    select key, k.id, k.cost, k.amount, k.day, case when stopped.nr is null then moved.day end
    from (select k.case_office::text || '-' || k.case_serial::text as id, k.cost, k.amount, journal.date_of(k.planned_on) as day
          from journal.planned_cost k
          where k.case_office::text || '-' || k.case_serial::text = any (array(select jsonb_array_elements_text(terms -> 'case_ids')))) k
    left join journal.proposed_deferrals(terms) u on u.case_id = k.id
    cross join lateral (select k.day + coalesce(u.days, 0)) moved (day)
    left join lateral (
        select a.nr
        from journal.proposed_cases(terms) x
        join journal.proposed_instalments(terms) a on a.agreement = x.agreement and a.nr = 1
        cross join journal.policy r
        where x.case_id = k.id and (r.stops_costs and a.due < moved.day or k.cost in ('21', '22'))) stopped on true
    where u.days > 0 or stopped.nr is not null;

    insert into journal.proposal_cost (proposal, case_id, cost, amount, comes_on)
    select key, x.case_id, new.cost, new.amount, a.due
    from journal.proposed_instalments(terms) a
    join journal.proposed_cases(terms) x on x.agreement = a.agreement and x.place = 1
    cross join journal.policy r
    cross join lateral (values
        ('21', r.instalment_fee),
        ('22', case when a.nr = 1 and a.instalments > r.setup_free then r.setup_fee end)) new (cost, amount)
    where new.amount > 0;

    perform journal.unplan(e.case_id, e.was_on, e.cost) from journal.proposal_cost e where e.proposal = key and e.was_on is not null;
    perform journal.plan(e.case_id, e.comes_on, e.cost, e.amount)
    from journal.proposal_cost e where e.proposal = key and e.comes_on is not null;
end
$$;

create function journal.agree(key uuid) returns void
language sql volatile as $$
    update journal.agreement a
    set status = 'A', agreed_on = journal.day_of(journal.today()), grace = p.grace, skips = p.skips
    from journal.policy p
    where a.proposal = key
$$;

-- Removes what a proposal has made and puts its changes right. What was charged
-- meanwhile is no longer planned, and stays charged.
create function journal.undo(key uuid) returns void
language plpgsql volatile as $$
begin
    delete from journal.proposal_cost e
    where e.proposal = key and e.comes_on is not null
      and not exists (select from journal.planned_cost k
                      where (k.case_office::text || '-' || k.case_serial::text, k.cost, k.planned_on)
                          = (e.case_id, e.cost, journal.day_of(e.comes_on)));
    perform journal.unplan(e.case_id, e.comes_on, e.cost) from journal.proposal_cost e where e.proposal = key and e.comes_on is not null;
    perform journal.plan(e.case_id, e.was_on, e.cost, e.amount)
    from journal.proposal_cost e
    where e.proposal = key and e.was_on is not null and e.case_id = any (journal.still_open(array[e.case_id]));
    delete from journal.proposal_cost where proposal = key;

    delete from journal.instalment x using journal.agreement a where (a.office, a.serial) = (x.office, x.serial) and a.proposal = key;
    delete from journal.agreement_case x using journal.agreement a where (a.office, a.serial) = (x.office, x.serial) and a.proposal = key;
    delete from journal.agreement where proposal = key;
    delete from journal.deferral where proposal = key;
    update journal.voucher set deleted_at = now() where proposal = key;
    delete from journal.proposal where proposal = key;
end
$$;

-- Books a fee for more time to pay.
create function journal.book_deferral_fee(case_id text, amount numeric, proposal uuid) returns void
language plpgsql volatile as $$
declare
    new journal.voucher;
begin
    insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, cost, legal_basis, proposal)
    select s.office, nextval('journal.serials'), 'F', s.office, s.serial, journal.day_of(journal.today()), '23', 'avtale om utsettelse', $3
    from journal.keyed s where s.id = $1
    returning * into new;
    insert into journal.posting (office, voucher, line, booked_on, account, amount)
    values (new.office, new.serial, 1, new.booked_on, 1520, $2), (new.office, new.serial, 2, new.booked_on, 3000, -$2);
end
$$;

create schema oversikt_rules;

create function oversikt_rules.propose_solution(
    proposal uuid, caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    reason := journal.refusal(caller, input);
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'PROPOSED';
    perform journal.make(proposal, journal.debtor_for(caller), input);
end
$$;

create function oversikt_rules.confirm_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform journal.lock_cases(caller, input -> 'case_ids');
    perform journal.change_costs(proposal, input);
    perform journal.agree(proposal);
    update journal.deferral x set status = '1', decided_on = journal.day_of(journal.today()) where x.proposal = $1;
    perform journal.book_deferral_fee(u.case_id, u.fee, proposal) from journal.proposed_deferrals(input) u where u.fee > 0;
    update journal.proposal f set status = 'B' where f.proposal = $1;
end
$$;

create function oversikt_rules.withdraw_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform journal.lock_cases(caller, input -> 'case_ids');
    perform journal.undo(proposal);
end
$$;
