-- What a person has revoked with a key.
select id from portal.power_of_attorney where grantor = @grantor and revocation_key = @key
