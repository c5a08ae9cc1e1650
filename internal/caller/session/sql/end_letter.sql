-- Ends the sessions of a case that began with another password than the one that was used now.
-- Rides on session_letter_case.
delete from portal.session
where letter_case = any(@letter_cases::bytea[])
  and letter_password <> all(@letter_passwords::bytea[])
