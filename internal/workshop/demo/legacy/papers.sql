-- What letters say: what is kept of it, or a new print.

create function oversikt.document_content(caller jsonb, document_id text)
returns table (media_type text, content bytea, archive_link text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select case when x.content is not null then x.media_type end, x.content, null
    from (select 1) always
    left join lateral (
        select case when s.innhold is null then 'application/pdf' else d.media_type end as media_type,
               coalesce(s.innhold, inkasso.printed(d.document_id::text, c.case_id::text)) as content
        from oversikt.case c
        join oversikt.document d on d.case_id = c.case_id
        join inkasso.brev s on s.brev_id = d.document_id
        where c.debtor_id = inkasso.skyldner_for(caller) and c.case_id::text = coalesce(caller ->> 'case_id', c.case_id::text)
          and d.document_id::text = document_content.document_id) x on true
$$;

create function oversikt_rules.order_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    laast constant text[] := inkasso.laas_saker(caller, jsonb_build_array(input ->> 'case_id'));
    ny    uuid;
begin
    reason := case
        when coalesce(cardinality(laast), 0) = 0 then 'NOT_FOUND'
        when exists (select from inkasso.henvendelse h where h.saksnr = any (laast) and h.type = 3 and h.status = 0) then 'ORDER_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into inkasso.henvendelse (saksnr, type, mottatt) values (laast[1], 3, now() at time zone 'Europe/Oslo')
        returning henvendelse_id into ny;
        result := jsonb_build_object('request_id', ny);
    end if;
end
$$;

create function oversikt_rules.answer_invoice_copy(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    kode    constant smallint := case input ->> 'outcome' when 'SENT' then 1 when 'NONE_EXISTS' then 2 end;
    ord     constant text := nullif(btrim(input ->> 'reply'), '');
    gjelder inkasso.henvendelse;
begin
    select h.* into gjelder from inkasso.henvendelse h
    where h.henvendelse_id::text = input ->> 'request_id' and h.type = 3 and caller -> 'staff' = 'true'
    for update;
    reason := case
        when kode is null or kode = 2 and ord is null or length(ord) > 2000 then 'INVALID_INPUT'
        when gjelder.henvendelse_id is null then 'NOT_FOUND'
        when gjelder.status <> 0 then 'ALREADY_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update inkasso.henvendelse h set status = kode, avgjort = inkasso.i_dag(), svar = ord
        where h.henvendelse_id = gjelder.henvendelse_id;
    end if;
end
$$;
