-- Takes an item in hand, or keeps it longer; no row where somebody else has it. Rides on the primary key.
insert into portal.claim as c (agency, item, worker, until)
values (@agency::text, @item::text, @worker::bytea, @until::timestamptz)
on conflict (agency, item) do update set worker = excluded.worker, until = excluded.until, decision = null
where c.until <= @now::timestamptz or c.worker = any(@workers::bytea[])
