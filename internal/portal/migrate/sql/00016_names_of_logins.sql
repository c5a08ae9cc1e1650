-- +goose Up
-- A login with a letter is called here what it is called in the access log and the schema.
alter table portal.session drop constraint session_kind_check;
update portal.session set kind = 'CASE_LOGIN' where kind = 'CASE';
alter table portal.session add constraint session_kind_check check (kind in ('PERSON', 'CASE_LOGIN'));

-- +goose Down
alter table portal.session drop constraint session_kind_check;
update portal.session set kind = 'CASE' where kind = 'CASE_LOGIN';
alter table portal.session add constraint session_kind_check check (kind in ('PERSON', 'CASE'));
