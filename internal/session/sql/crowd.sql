-- Ends what a person has beyond the limit: the lapsed first, then the oldest. Rides on
-- session_person.
delete from portal.session
where key in (
    select key
    from portal.session
    where person = @person::bytea
      and key <> @key::bytea
    order by (expires_at > @now::timestamptz and seen_at > @idle_since::timestamptz) desc, created_at desc
    offset @others::int
)
