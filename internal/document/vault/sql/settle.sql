update portal.document d set state = 'KEPT', subject = coalesce(nullif(@subject::text, ''), d.named)
where d.act = @act::uuid and d.state = 'PENDING'
