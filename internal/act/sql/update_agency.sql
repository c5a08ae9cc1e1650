update portal.act_agency
set state = @state, reason = @reason, changed_at = @changed_at, sent = sent or @sent, result = @result,
    input = case when @ended_at::timestamptz is null then input end
where act = @id and agency = @agency
