-- Makes it due to tell the agencies of a revocation; who has refused the power is told nothing.
update portal.power_of_attorney_agency a
set next_at = coalesce(@now::timestamptz, now())
from portal.power_of_attorney p
where p.id = @id and a.power = p.id and p.grantor = @grantor and p.revoked_at is not null and a.ended_at is null and a.refusal is distinct from 'REFUSED'
