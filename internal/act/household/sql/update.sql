update portal.budget set household = @household::bytea, saved_at = @saved_at::timestamptz where id = @id::uuid
