-- +goose Up
-- What was called PAY_NOW pays on the first pay day, which was never today.
alter table portal.act disable trigger ends_once;
update portal.act a
set summary = jsonb_set(a.summary, '{kinds}', (
    select jsonb_agg(case when k.kind = '"PAY_NOW"' then '"PAY_FIRST"' else k.kind end order by k.position)
    from jsonb_array_elements(a.summary -> 'kinds') with ordinality k (kind, position)))
where a.name = 'ACCEPT_PAYMENT_SOLUTION' and a.summary -> 'kinds' @> '["PAY_NOW"]';
alter table portal.act enable trigger ends_once;
