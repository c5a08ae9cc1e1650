-- Lets go of an item, or of anybody's. Rides on the primary key.
delete from portal.claim
where agency = @agency::text and item = @item::text and (@anybodys::boolean or worker = any(@workers::bytea[]))
