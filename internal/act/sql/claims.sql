-- What of an agency's queue is in hand; item null: all of it. Rides on the primary key.
select item, worker, until
from portal.claim
where agency = @agency::text and (@item::text is null or item = @item) and until > @now::timestamptz
