-- Whether a member of staff has looked somebody up of late. Rides on the primary key.
select exists (
    select from portal.staff_lookup
    where actor = any(@actors::bytea[]) and agency = @agency and subject = any(@subjects::bytea[]) and at >= @since
)
