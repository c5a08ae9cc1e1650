-- The database needs none of the other keys any more.
delete from portal.key where name = $1::text and check_value <> $2::bytea
