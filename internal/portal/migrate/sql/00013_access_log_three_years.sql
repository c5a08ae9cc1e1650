-- +goose Up
-- As long as what was done can be disputed, like everything else: docs/access-log.md.
update portal.retention_rule
set days = 1095, reason = 'To show who looked at what (GDPR art. 5(2), 15 and 32), for as long as damages can be claimed (foreldelsesloven § 9); whole months are deleted'
where name = 'access_log' and days = 730;

-- +goose Down
update portal.retention_rule
set days = 730, reason = 'To show who looked at what (GDPR art. 5(2), 15 and 32); whole months are deleted'
where name = 'access_log' and days = 1095;
