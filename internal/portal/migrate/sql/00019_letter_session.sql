-- +goose Up
-- A session from a letter knows its case and the password that it began with, so that it ends
-- with that password. The references are keyed hashes. Those from before end when they lapse.
alter table portal.session
    add column letter_case     bytea check (length(letter_case) = 32),
    add column letter_password bytea check (length(letter_password) = 32),
    add check ((letter_case is null) = (letter_password is null));
create index session_letter_case on portal.session (letter_case) where letter_case is not null;
comment on column portal.session.person is
    'reference of the person; of the case, where a letter was shown and the agency knows its debtor by no number';

-- +goose Down
comment on column portal.session.person is null;
alter table portal.session drop column letter_case, drop column letter_password;
