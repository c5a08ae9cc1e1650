-- What identifies the person and was proposed is erased at the end; the database takes the
-- schedule away with a withdrawal.
update portal.acceptance
set status = @status, decision = nullif(@decision, ''), reason = nullif(@reason, ''),
    decided_at = @decided_at, ended_at = @ended_at,
    person = case when @ended_at::timestamptz is null then person end
where id = @id
