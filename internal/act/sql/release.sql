-- Lets an act go that could not be driven to where it could be written down.
update portal.act set driven_until = clock_timestamp() where id = @id and driver = @driver
