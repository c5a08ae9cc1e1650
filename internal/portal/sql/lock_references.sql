-- One at a time does something of a kind for a name, until the end of the transaction. The name
-- has a reference of each key; they are locked in one order, and any two services share a key.
select pg_catalog.pg_advisory_xact_lock(number)
from (select distinct pg_catalog.hashtextextended($1::text || ' ' || pg_catalog.encode(reference, 'hex'), 0) as number
      from unnest($2::bytea[]) reference
      order by number) numbers
