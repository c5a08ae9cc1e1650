-- Notes what an agency has answered, unless somebody else has begun an attempt meanwhile. next_at
-- is null, or when to try again: with a new key where the agency has said no, since the
-- old one would be answered the same.
update portal.power_of_attorney_agency
set give_key = case when @refusal::text is null then give_key else gen_random_uuid() end,
    agency_key = coalesce(@agency_key, agency_key),
    refusal = @refusal,
    told_at = case when @told then coalesce(told_at, @now::timestamptz, now()) else told_at end,
    ended_at = case when @ended then coalesce(@now::timestamptz, now()) else ended_at end,
    next_at = case when @again::interval is null then null else coalesce(@now::timestamptz, now()) + @again::interval end
where power = @power and agency = @agency and attempts = @attempt
