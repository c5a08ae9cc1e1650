-- +goose Up
-- Files come with objections and complaints too, whose keys may be those of a receipt of the same agency. What is added
-- to an objection has the key of it before the agency answers. A version of the service that knows no kind keeps receipts.
alter table portal.document add column kind text not null default 'RECEIPT', add column named text;
update portal.retention_rule
set reason = 'Whether something was paid or owed, and how it was collected, can be disputed for three years (foreldelsesloven § 2)'
where name = 'document';

-- +goose Down
update portal.retention_rule
set reason = 'Whether something was paid can be disputed for three years (foreldelsesloven § 2)'
where name = 'document';
delete from portal.document where kind <> 'RECEIPT';
alter table portal.document drop column kind, drop column named;
