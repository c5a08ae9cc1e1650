-- What letters say: the copy that is stored, or a new print.

create function oversikt.document_content(caller jsonb, document_id text)
returns table (media_type text, content bytea, archive_link text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select case when x.content is not null then x.media_type end, x.content, null
    from (select 1) always
    left join lateral (
        select case when s.content is null then 'application/pdf' else d.media_type end as media_type,
               coalesce(s.content, core.printed(d.document_id::text, c.case_id::text)) as content
        from oversikt.case c
        join oversikt.document d on d.case_id = c.case_id
        join core.document s on s.document_id = d.document_id
        where c.debtor_id = core.debtor_of(caller) and c.case_id::text = coalesce(caller ->> 'case_id', c.case_id::text)
          and d.document_id::text = document_content.document_id) x on true
$$;

create function oversikt_rules.order_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    locked constant bigint[] := core.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    made   bigint;
begin
    reason := case
        when coalesce(cardinality(locked), 0) = 0 then 'NOT_FOUND'
        when exists (select from core.request r
                     where r.case_id = any (locked) and r.kind = 'INVOICE_COPY' and r.status = 'RECEIVED') then 'ORDER_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into core.request (case_id, kind, requested_at) values (locked[1], 'INVOICE_COPY', now())
        returning request_id into made;
        result := jsonb_build_object('request_id', made::text);
    end if;
end
$$;

create function oversikt_rules.answer_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    outcome constant text := case input ->> 'outcome' when 'SENT' then 'GRANTED' when 'NONE_EXISTS' then 'REJECTED' end;
    said    constant text := nullif(btrim(input ->> 'reply'), '');
    held    core.request;
begin
    select r.* into held from core.request r
    where r.request_id::text = input ->> 'request_id' and r.kind = 'INVOICE_COPY' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when outcome is null or outcome = 'REJECTED' and said is null or length(said) > 2000 then 'INVALID_INPUT'
        when held.request_id is null then 'NOT_FOUND'
        when held.status <> 'RECEIVED' then 'ALREADY_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update core.request r set status = outcome, decided_on = core.today(), reply = said
        where r.request_id = held.request_id;
    end if;
end
$$;
