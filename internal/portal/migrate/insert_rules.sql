-- A rule that is there stays as it is: the owner of the database may have changed its days.
insert into portal.retention_rule (name, relation, age, condition, days, reason)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[])
on conflict (name) do nothing
