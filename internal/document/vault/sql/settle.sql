update portal.document d set state = 'KEPT', subject = @subject::text where d.act = @act::uuid and d.state = 'PENDING'
