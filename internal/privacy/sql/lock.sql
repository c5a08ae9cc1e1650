-- One at a time hands requests of a person in, until the end of the transaction: else many at
-- once would not count each other.
select pg_advisory_xact_lock(hashtextextended('privacy request ' || encode(@subject, 'hex'), 0))
