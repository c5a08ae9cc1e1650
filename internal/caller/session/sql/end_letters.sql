-- Rides on session_person.
delete from portal.session
where person = @person::bytea
  and kind = @kind::text
