insert into portal.access_log_link (number, at, id, doubted, digest, mac)
select * from unnest(@numbers::bigint[], @ats::timestamptz[], @ids::uuid[], @doubted::boolean[], @digests::bytea[], @macs::bytea[])
