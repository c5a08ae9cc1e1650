insert into portal.acceptance_agency (acceptance, position, agency, key, proposal, expects, state, changed_at)
values (@id, @position, @agency, @key, @proposal, @expects, 'PENDING', @now::timestamptz)
