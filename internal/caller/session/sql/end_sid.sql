-- Rides on session_sid.
delete from portal.session
where sid = @sid::text
  and issuer = @issuer::text
