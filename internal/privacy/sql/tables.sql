-- Which of these tables there are.
select t.name from unnest(@tables::text[]) t (name)
where pg_catalog.to_regclass('portal.' || t.name) is not null
