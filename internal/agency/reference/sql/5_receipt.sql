-- The rules of a proof of a payment, and of the decision on it.

-- An amount as the contract writes it, in JSON; null for what is none.
create function core.amount(jsonb) returns bigint
language sql immutable as $$
    select case when jsonb_typeof($1) = 'number' and $1::text ~ '^[0-9]{1,12}$' then $1::text::bigint end
$$;

create function oversikt_rules.submit_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whom   constant text := input ->> 'kind';
    said   constant text := nullif(btrim(input ->> 'statement'), '');
    paid   constant date := core.day(input ->> 'paid_on');
    amount constant bigint := core.amount(input -> 'amount_ore');
    files  constant integer := core.files(input);
    locked bigint[];
    made   core.receipt;
begin
    locked := core.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    reason := case
        when (whom in ('TO_AGENCY', 'TO_CREDITOR') and paid <= core.today() and amount > 0 and files > 0) is not true
          or length(said) > 4000 then 'INVALID_INPUT'
        when coalesce(cardinality(locked), 0) = 0 then 'NOT_FOUND'
        when exists (select from core.case c where c.case_id = any (locked) and c.status <> 'OPEN') then 'CASE_CLOSED'
        when exists (select from core.receipt x where x.case_id = any (locked) and x.status = 'RECEIVED') then 'RECEIPT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into core.receipt (case_id, kind, paid_on, amount_ore, statement, files, submitted_at)
        values (locked[1], whom, paid, amount, said, files, now())
        returning * into made;
        result := jsonb_build_object('receipt_id', made.receipt_id::text);
    end if;
end
$$;

-- A receipt for a case worker, with its case locked; null for anybody else.
create function core.receipt_at_desk(caller jsonb, key text) returns core.receipt
language plpgsql volatile as $$
declare
    held core.receipt;
begin
    perform from core.case c
    where c.case_id = (select x.case_id from core.receipt x where x.receipt_id::text = key) and caller -> 'staff' = 'true'
    for update;
    if found then
        select x.* into held from core.receipt x where x.receipt_id::text = key;
        perform core.break_agreements(array[held.case_id]);
    end if;
    return held;
end
$$;

-- Books what was paid. It covers the principal first: it was paid for the claim, and no costs were asked for with it.
create function core.book_receipt(held core.receipt, amount bigint) returns void
language sql volatile as $$
    with booked as (
        insert into core.payment (case_id, amount_ore, received_on, channel)
        values (held.case_id, amount, held.paid_on, case held.kind when 'TO_CREDITOR' then 'TO_CREDITOR' else 'BANK' end)
        returning payment_id, amount_ore
    )
    insert into core.payment_allocation (payment_id, component, amount_ore) select b.payment_id, 'PRINCIPAL', b.amount_ore from booked b
$$;

-- Reverses costs, apart from those of courts and of enforcement.
create function core.reverse_costs(which bigint, later_than date) returns void
language sql volatile as $$
    update core.fee f set waived_on = core.today()
    where f.case_id = which and f.waived_on is null and f.kind not in ('COURT_FEE', 'ENFORCEMENT_FEE', 'WRITING_FEE')
      and (later_than is null or f.incurred_on > later_than)
$$;

-- Where nothing is owed any more: the agreement is completed once that is so of all its cases, and no cost comes.
create function core.settle(which bigint) returns void
language plpgsql volatile as $$
declare
    done core.agreement;
begin
    if core.owed(which, core.today()) > 0 then
        return;
    end if;
    for done in
        select a.* from core.agreement a join core.agreement_case x using (agreement_id)
        where x.case_id = which and a.status = 'ACTIVE'
          and not exists (select from core.agreement_case o
                          where o.agreement_id = a.agreement_id and core.owed(o.case_id, core.today()) > 0)
    loop
        perform core.end_agreement(done.agreement_id, 'COMPLETED', core.today());
        delete from core.scheduled_cost s
        using core.agreement_case o
        where o.agreement_id = done.agreement_id and s.case_id = o.case_id;
    end loop;
    delete from core.scheduled_cost s
    where s.case_id = which and s.kind not in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE');
end
$$;

-- Whether an agreement keeps a case from being closed: it is of other cases too, or nobody has decided on it.
create function core.agreement_stands(which bigint) returns boolean
language sql stable as $$
    select exists (select from core.agreement a join core.agreement_case x using (agreement_id)
                   where x.case_id = which
                     and (a.status in ('REQUESTED', 'PROPOSED')
                          or a.status = 'ACTIVE' and exists (select from core.agreement_case o
                                                             where o.agreement_id = a.agreement_id and o.case_id <> which)))
$$;

create function oversikt_rules.decide_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    decision constant text := input ->> 'decision';
    effect   constant text := input ->> 'effect';
    costs    constant text := input ->> 'costs';
    said     constant text := nullif(btrim(input ->> 'reply'), '');
    part     constant bigint := core.amount(input -> 'amount_ore');
    held     core.receipt := core.receipt_at_desk(caller, input ->> 'receipt_id');
    asked    core.case;
begin
    select c.* into asked from core.case c where c.case_id = held.case_id;
    reason := case
        when (decision in ('ACCEPTED', 'PARTLY', 'REJECTED')) is not true or decision <> 'ACCEPTED' and said is null
          or length(said) > 2000
          or decision = 'REJECTED' and num_nonnulls(effect, costs) > 0
          or decision <> 'REJECTED' and (effect in ('BOOK_PAYMENT', 'CLOSE_CASE', 'ALREADY_BOOKED')
                                         and costs in ('KEEP', 'REVERSE_LATER', 'REVERSE_ALL')) is not true
          or (decision = 'PARTLY') <> (coalesce(jsonb_typeof(input -> 'amount_ore'), 'null') <> 'null')
          or decision = 'PARTLY' and (part > 0) is not true then 'INVALID_INPUT'
        when held.receipt_id is null then 'NOT_FOUND'
        when held.status <> 'RECEIVED' then 'ALREADY_DECIDED'
        when part >= held.amount_ore then 'TOO_MUCH'
        when asked.status <> 'OPEN' and (effect in ('BOOK_PAYMENT', 'CLOSE_CASE') or costs <> 'KEEP') then 'CASE_CLOSED'
        when effect = 'CLOSE_CASE' and core.agreement_stands(asked.case_id) then 'AGREEMENT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    update core.receipt x set status = decision, decided_on = core.today(), reply = said where x.receipt_id = held.receipt_id;
    if effect in ('BOOK_PAYMENT', 'CLOSE_CASE') then
        perform core.book_receipt(held, coalesce(part, held.amount_ore::bigint));
    end if;
    if costs <> 'KEEP' then
        perform core.reverse_costs(asked.case_id, case costs when 'REVERSE_LATER' then held.paid_on end);
    end if;
    if effect <> 'CLOSE_CASE' then
        perform core.settle(asked.case_id);
    elsif effect = 'CLOSE_CASE' then
        perform core.end_agreement(a.agreement_id, 'CANCELLED', core.today())
        from core.agreement a join core.agreement_case x using (agreement_id)
        where x.case_id = asked.case_id and a.status = 'ACTIVE';
        delete from core.scheduled_cost s where s.case_id = asked.case_id;
        update core.case c set status = 'CLOSED', phase = 'CLOSED', closed_on = core.today() where c.case_id = asked.case_id;
    end if;
end
$$;
