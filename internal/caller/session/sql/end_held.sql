-- Ends sessions of a person: of the key @one, or all but that of the key @but. Rides on
-- session_person.
delete from portal.session
where person = any(@people::bytea[])
  and (@one::bytea is null or key = @one::bytea)
  and (@but::bytea is null or key <> @but::bytea)
returning key
