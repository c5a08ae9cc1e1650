-- Rides on budget_subject.
update portal.budget set shared = @agencies::text[] where subject = any(@subjects::bytea[])
