update portal.session
set seen_at = @now::timestamptz
where key = @key::bytea
  and seen_at < @now::timestamptz
