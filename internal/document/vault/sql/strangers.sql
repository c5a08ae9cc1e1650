select u.id from unnest(@ids::uuid[]) u (id)
where not exists (select from portal.document d where d.id = u.id)
