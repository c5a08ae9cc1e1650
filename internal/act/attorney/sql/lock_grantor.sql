-- One at a time gives powers of a person, until the end of the transaction: else many at once
-- would not count each other.
select pg_advisory_xact_lock(hashtextextended('power of attorney ' || encode(@grantor, 'hex'), 0))
