-- What identifies the person and the cases is erased at the end.
update portal.acceptance
set status = @status, decision = nullif(@decision, ''), reason = nullif(@reason, ''),
    decided_at = @decided_at, ended_at = @ended_at,
    person = case when @ended_at::timestamptz is null then person end
where id = @id
