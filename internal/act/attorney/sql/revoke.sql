-- Ends a power; one that has ended stays as it is.
update portal.power_of_attorney
set revoked_at = @now, revoked_by = @act
where id = @id and grantor = any(@people::bytea[]) and revoked_at is null
