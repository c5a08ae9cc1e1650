-- Rides on session_person.
delete from portal.session
where person = any(@people::bytea[])
  and kind = @kind::text
