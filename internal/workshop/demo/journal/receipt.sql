-- The rules of a proof of a payment, and of the decision on it. What is decided is booked: a payment, and costs that
-- are let go, are vouchers.

-- An amount in kroner of one in øre, in JSON; null for what is none.
create function journal.amount_in(value jsonb) returns numeric
language sql immutable as $$
    select case when jsonb_typeof($1) = 'number' and $1::text ~ '^[0-9]{1,12}$' then $1::text::numeric / 100 end
$$;

create function oversikt_rules.submit_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whom   constant text := (select k.code from journal.code k where k.list = 'proof' and k.means = input ->> 'kind');
    words  constant text := nullif(btrim(input ->> 'statement'), '');
    day    constant date := journal.date_in(input ->> 'paid_on');
    paid   constant numeric := journal.amount_in(input -> 'amount_ore');
    count  constant smallint := journal.files_in(input);
    locked text[];
    found  journal.keyed;
    new    journal.receipt;
begin
    locked := journal.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into found from journal.keyed s where s.id = any (locked);
    reason := case
        when (whom is not null and day <= journal.today() and paid > 0 and count > 0) is not true
          or length(words) > 4000 then 'INVALID_INPUT'
        when found.id is null then 'NOT_FOUND'
        when found.closed_on > 0 then 'CASE_CLOSED'
        when exists (select from journal.receipt x
                     where (x.case_office, x.case_serial) = (found.office, found.serial) and x.status = '0') then 'RECEIPT_EXISTS'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        insert into journal.receipt (office, serial, case_office, case_serial, kind, paid_on, amount, statement, files, submitted_at)
        values (found.office, nextval('journal.serials'), found.office, found.serial, whom, journal.day_of(day), paid, words, count,
                now())
        returning * into new;
        result := jsonb_build_object('receipt_id', new.office::text || '-' || new.serial::text);
    end if;
end
$$;

-- A receipt for a case worker, with its case locked; null for anybody else.
create function journal.receipt_at_desk(caller jsonb, key text) returns journal.receipt
language plpgsql volatile as $$
declare
    held journal.receipt;
begin
    select x.* into held from journal.receipt x
    where x.office::text || '-' || x.serial::text = key and caller -> 'staff' = 'true'
      and exists (select from journal.keyed s where (s.office, s.serial) = (x.case_office, x.case_serial));
    if held.serial is null then
        return null;
    end if;
    perform from journal.case s where (s.office, s.serial) = (held.case_office, held.case_serial) for update;
    select x.* into held from journal.receipt x where (x.office, x.serial) = (held.office, held.serial);
    perform journal.break_agreements(array[held.case_office::text || '-' || held.case_serial::text]);
    return held;
end
$$;

-- Books what was paid, on the day of the payment. It covers the principal: it was paid for the claim, and no costs were
-- asked for with it.
create function journal.book_receipt(held journal.receipt, amount numeric) returns void
language plpgsql volatile as $$
declare
    new journal.voucher;
begin
    insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, channel, registered_at)
    values (held.case_office, nextval('journal.serials'), 'P', held.case_office, held.case_serial, held.paid_on,
            case held.kind when 'C' then 'F' else 'B' end, now())
    returning * into new;
    insert into journal.posting (office, voucher, line, booked_on, account, amount)
    values (new.office, new.serial, 1, new.booked_on, 1500, -$2), (new.office, new.serial, 2, new.booked_on, 1900, $2);
end
$$;

-- Lets costs go, apart from those of courts and of enforcement: a voucher against each, which books it back.
create function journal.reverse_costs(found journal.keyed, later_than integer) returns void
language plpgsql volatile as $$
declare
    cost journal.voucher;
    new  journal.voucher;
begin
    for cost in
        select v.* from journal.voucher v
        where (v.case_office, v.case_serial) = (found.office, found.serial) and v.kind = 'F' and v.deleted_at is null
          and v.cost not in ('31', '32', '33') and v.booked_on > later_than
          and not exists (select from journal.voucher w
                          where w.reverses_office = v.office and w.reverses_serial = v.serial and w.kind = 'W' and w.deleted_at is null)
        order by v.booked_on, v.serial
    loop
        insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, reverses_office, reverses_serial)
        values (cost.office, nextval('journal.serials'), 'W', cost.case_office, cost.case_serial, journal.day_of(journal.today()),
                cost.office, cost.serial)
        returning * into new;
        insert into journal.posting (office, voucher, line, booked_on, account, amount)
        select new.office, new.serial, p.line, new.booked_on, p.account, -p.amount
        from journal.posting p
        where p.office = cost.office and p.voucher = cost.serial and p.booked_on = cost.booked_on;
    end loop;
end
$$;

-- The agreements of a case, and whether each keeps it from being closed: it is of other cases too, or nobody has decided
-- on it.
create function journal.agreements_of(case_id text) returns table (agreement text, stands boolean)
language sql stable as $$
    select k.id, a.status <> 'A' or cardinality(journal.cases_of(k.id)) > 1
    from journal.agreement a join journal.agreement_case x using (office, serial)
    cross join lateral (select a.office::text || '-' || a.serial::text) k (id)
    where x.case_office::text || '-' || x.case_serial::text = $1 and a.status in ('A', 'V', 'F')
$$;

-- Where nothing is owed any more: what is planned goes, and each agreement by which nothing is owed is completed.
create function journal.settle(case_id text) returns void
language plpgsql volatile as $$
declare
    done text;
begin
    if journal.owed(case_id, journal.today()) > 0 then
        return;
    end if;
    delete from journal.planned_cost k
    where k.case_office::text || '-' || k.case_serial::text = case_id and k.cost not in ('21', '22');
    for done in
        select k.id from journal.agreement a join journal.agreement_case x using (office, serial)
        cross join lateral (select a.office::text || '-' || a.serial::text) k (id)
        where x.case_office::text || '-' || x.case_serial::text = case_id and a.status = 'A'
          and not exists (select from unnest(journal.cases_of(k.id)) o (id) where journal.owed(o.id, journal.today()) > 0)
    loop
        perform journal.end_agreement(done, 'O', journal.today());
        delete from journal.planned_cost k
        where k.case_office::text || '-' || k.case_serial::text = any (journal.cases_of(done));
    end loop;
end
$$;

create function oversikt_rules.decide_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    decision constant text := (select k.code from journal.code k
                               where k.list = 'receipt' and k.means = input ->> 'decision' and k.code <> '0');
    effect   constant text := input ->> 'effect';
    costs    constant text := input ->> 'costs';
    words    constant text := nullif(btrim(input ->> 'reply'), '');
    part     constant numeric := journal.amount_in(input -> 'amount_ore');
    held     journal.receipt := journal.receipt_at_desk(caller, input ->> 'receipt_id');
    found    journal.keyed;
begin
    select s.* into found from journal.keyed s where (s.office, s.serial) = (held.case_office, held.case_serial);
    reason := case
        when decision is null or decision <> '1' and words is null or length(words) > 2000
          or decision = '3' and num_nonnulls(effect, costs) > 0
          or decision <> '3' and (effect in ('BOOK_PAYMENT', 'CLOSE_CASE', 'ALREADY_BOOKED')
                                  and costs in ('KEEP', 'REVERSE_LATER', 'REVERSE_ALL')) is not true
          or (decision = '2') <> (coalesce(jsonb_typeof(input -> 'amount_ore'), 'null') <> 'null')
          or decision = '2' and (part > 0) is not true then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status <> '0' then 'ALREADY_DECIDED'
        when part >= held.amount then 'TOO_MUCH'
        when found.closed_on > 0 and (effect in ('BOOK_PAYMENT', 'CLOSE_CASE') or costs <> 'KEEP') then 'CASE_CLOSED'
        when effect = 'CLOSE_CASE' and exists (select from journal.agreements_of(found.id) a where a.stands) then 'AGREEMENT_EXISTS'
    end;
    status := 'REFUSED';
    if reason is not null then
        return;
    end if;
    status := 'DONE';
    update journal.receipt x set status = decision, decided_on = journal.day_of(journal.today()), reply = words
    where (x.office, x.serial) = (held.office, held.serial);
    if effect in ('BOOK_PAYMENT', 'CLOSE_CASE') then
        perform journal.book_receipt(held, coalesce(part, held.amount));
    end if;
    if costs <> 'KEEP' then
        perform journal.reverse_costs(found, case costs when 'REVERSE_LATER' then held.paid_on else 0 end);
    end if;
    if effect <> 'CLOSE_CASE' then
        perform journal.settle(found.id);
    elsif effect = 'CLOSE_CASE' then
        perform journal.end_agreement(a.agreement, 'S', journal.today()) from journal.agreements_of(found.id) a;
        delete from journal.planned_cost k where (k.case_office, k.case_serial) = (found.office, found.serial);
        update journal.case s set phase = '80', closed_on = journal.day_of(journal.today())
        where (s.office, s.serial) = (found.office, found.serial);
    end if;
end
$$;
