-- Nothing is written by who drives it no more. Whose it is goes with its end.
update portal.act
set status = @status, decision = @decision, reason = @reason, decided_at = @decided_at, ended_at = @ended_at,
    whose = case when @ended_at::timestamptz is null then whose end,
    driver = case when @lease::interval > interval '0' then driver end,
    driven_until = clock_timestamp() + @lease::interval
where id = @id and driver = @driver and ended_at is null
