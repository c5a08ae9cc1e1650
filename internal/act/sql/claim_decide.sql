-- Notes the decision by whoever has the item in hand. Rides on the primary key.
update portal.claim set decision = @decision::uuid
where agency = @agency::text and item = @item::text and worker = any(@workers::bytea[])
