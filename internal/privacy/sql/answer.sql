-- What has been answered stays as it was answered.
update portal.privacy_request
set status = @status::text, reply = @reply::bytea, answer_by = @answer_by::date,
    answered_at = case when @status = 'ANSWERED' then @now::timestamptz end
where id = @id::uuid and answered_at is null
