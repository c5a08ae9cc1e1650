-- Ends what a person has beyond the limit: the lapsed first, then the oldest. Each kind by
-- itself: whoever holds a letter must not end the sessions of the person. Rides on
-- session_person.
delete from portal.session
where key in (
    select key
    from portal.session
    where person = any(@people::bytea[])
      and kind = @kind::text
      and key <> @key::bytea
    order by (expires_at > @now::timestamptz and seen_at > @idle_since::timestamptz) desc, created_at desc
    offset @others::int
)
