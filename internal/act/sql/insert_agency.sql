insert into portal.act_agency (act, position, agency, key, input, expects, state, reason, sent, changed_at)
values (@id, @position, @agency, @key, @input, @expects, 'PENDING', '', @sent, @now)
