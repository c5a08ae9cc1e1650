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
