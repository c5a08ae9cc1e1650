update portal.acceptance_agency
set state = @state, reason = nullif(@reason, ''), changed_at = @changed_at,
    proposal = case when @ended_at::timestamptz is null then proposal end
where acceptance = @id and agency = @agency
