-- What is decided is in nobody's hand. The table has what is in hand today, and no more.
delete from portal.claim where decision = @decision::uuid
