insert into portal.power_of_attorney (id, grantor, attorney, org_number, sealed, agencies, covers_all, may_act,
    valid_from, valid_until, signed, issuer, acr, document, document_type, document_size, created_at)
values (@id, @grantor, @attorney, @org_number, @sealed, @agencies, @covers_all, @may_act,
    date '1970-01-01' + @valid_from::integer, date '1970-01-01' + @valid_until::integer,
    @signed, @issuer, @acr, @document, @document_type, @document_size, @now)
