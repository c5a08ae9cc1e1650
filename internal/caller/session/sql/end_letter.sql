-- Ends the sessions of a case that began with another password than the one that was used now.
-- Rides on session_letter_case.
delete from portal.session
where letter_case = @letter_case::bytea
  and letter_password <> @letter_password::bytea
