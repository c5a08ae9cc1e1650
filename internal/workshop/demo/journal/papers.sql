-- What letters say: no copy is kept here, so each is printed anew.

create function oversikt.document_content(caller jsonb, document_id text)
returns table (media_type text, content bytea, archive_link text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select case when x.content is not null then x.media_type end, x.content, null
    from (select 1) always
    left join lateral (
        select 'application/pdf' as media_type, journal.printed(d.document_id, c.case_id) as content
        from oversikt.case c
        join oversikt.document d on d.case_id = c.case_id
        where c.debtor_id = journal.debtor_for(caller) and c.case_id::text = coalesce(caller ->> 'case_id', c.case_id::text)
          and d.document_id::text = document_content.document_id) x on true
$$;

create function oversikt_rules.order_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    locked constant text[] := journal.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    found  journal.keyed;
    new    journal.copy_order;
begin
    select s.* into found from journal.keyed s where s.id = any (locked);
    reason := case
        when found.id is null then 'NOT_FOUND'
        when exists (select from journal.copy_order x
                     where (x.case_office, x.case_serial) = (found.office, found.serial) and x.status = '0') then 'ORDER_EXISTS'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        insert into journal.copy_order (office, serial, case_office, case_serial, ordered_at)
        values (found.office, nextval('journal.serials'), found.office, found.serial, now())
        returning * into new;
        result := jsonb_build_object('request_id', new.office::text || '-' || new.serial::text);
    end if;
end
$$;

create function oversikt_rules.answer_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    outcome constant text := case input ->> 'outcome' when 'SENT' then '1' when 'NONE_EXISTS' then '2' end;
    words   constant text := nullif(btrim(input ->> 'reply'), '');
    held    journal.copy_order;
begin
    select x.* into held from journal.copy_order x
    where x.office::text || '-' || x.serial::text = input ->> 'request_id' and caller -> 'staff' = 'true'
      and exists (select from journal.keyed s where (s.office, s.serial) = (x.case_office, x.case_serial))
    for update;
    reason := case
        when outcome is null or outcome = '2' and words is null or length(words) > 2000 then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status <> '0' then 'ALREADY_DECIDED'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        update journal.copy_order x set status = outcome, answered_on = journal.day_of(journal.today()), reply = words
        where (x.office, x.serial) = (held.office, held.serial);
    end if;
end
$$;
