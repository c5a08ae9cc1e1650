-- A few rows that keep every rule of the contract.
insert into core.agency (name, org_number, phone, email) values ('Prøve Inkasso AS', '310000000', '68050000', 'post@example.test');
insert into core.faq values ('deferral', 'nb', 'Kan jeg få utsatt fristen?', 'Ja.');
insert into core.policy default values;
insert into core.rate select 'LATE_PAYMENT', day::date, points, 'test' from (values
    ('2015-01-01', 925), ('2015-07-01', 900), ('2016-01-01', 875), ('2016-07-01', 850),
    ('2019-01-01', 875), ('2019-07-01', 925), ('2020-01-01', 950), ('2020-07-01', 800),
    ('2022-01-01', 850), ('2022-07-01', 925), ('2023-01-01', 1075), ('2023-07-01', 1175),
    ('2024-01-01', 1250), ('2025-07-01', 1225), ('2026-01-01', 1200), ('2026-07-01', 1225)) r (day, points);
insert into core.rate values ('COMPENSATION', '2014-01-01', 430, 'test');
insert into core.creditor (name, org_number, trade) values ('Fjord Kraft AS', '123456785', 'ELECTRICITY'), ('Kari Utleier', null, 'RENT');
insert into core.debtor (kind, national_id, org_number, name, language) values
    ('PERSON', '17912099997', null, 'Prøve Person', 'nb'),
    ('PERSON', '29822099635', null, 'Annen Person', 'nn'),
    ('BUSINESS', null, '310000000', 'Prøve Bedrift AS', 'nb'),
    ('PERSON', null, null, 'Ukjent Person', 'en');
insert into core.case (case_number, debtor_id, creditor_id, status, phase, description, opened_on, closed_on, principal_ore, interest_from, kid, account, payee) values
    ('2026-1', 1, 1, 'OPEN', 'LIGHT_FEE', 'Strøm', '2026-02-01', null, 123400, '2026-01-15', '12344', '86011117947', 'Prøve Inkasso'),
    ('2026-2', 1, 2, 'OPEN', 'LEGAL', 'Husleie', '2026-02-01', null, 900000, '2026-01-15', '12343', '86011117947', 'Prøve Inkasso'),
    ('2025-9', 2, 1, 'CLOSED', 'CLOSED', 'Strøm', '2025-02-01', '2025-06-01', 50000, null, '12344', '12345678903', 'Prøve Inkasso');
insert into core.hold values (3, 'DEATH', '2025-03-01', '2025-05-01');
insert into core.fee (case_id, kind, amount_ore, incurred_on) values (1, 'REMINDER', 3800, '2026-01-20'), (1, 'LIGHT_FEE', 30000, '2026-03-01'), (2, 'COURT_FEE', 147900, '2026-06-01');
insert into core.scheduled_cost values (1, '2026-12-24', 'HEAVY_FEE', 30000);
insert into core.document (case_id, title, byte_size, created_at) values (1, 'Brev', 1000, '2026-02-01 12:00Z');
insert into core.claim_item (case_id, number, invoice_number, issued_on, due_on, amount_ore, interest_from, rate_basis_points) values
    (2, 1, 'F-12', '2025-12-20', '2026-01-15', 300000, '2026-01-15', null),
    (2, 2, 'F-11', '2025-12-01', '2026-01-01', 600000, '2026-01-15', null);
insert into core.letter (case_id, kind, title, channel, sent_on, due_on, amount_ore, document_id) values (1, 'PAYMENT_DEMAND', 'Betalingsoppfordring', 'POST', '2026-02-01', '2026-02-15', 127200, 1);
insert into core.payment (case_id, amount_ore, received_on, channel) values (1, 10000, '2026-03-10', 'VIPPS'), (3, 50000, '2025-05-30', 'BANK');
insert into core.payment_allocation values (1, 'FEES', 6000), (1, 'INTEREST', 4000);
insert into core.agreement (debtor_id, status, monthly_amount_ore, started_on) values (1, 'ACTIVE', 50000, '2026-04-01');
insert into core.agreement_case values (1, 1), (1, 2);
insert into core.instalment values (1, 1, '2026-05-01', 50000, 6500, '2026-05-01'), (1, 2, '2026-06-01', 50000, 6500, null);
insert into core.objection (case_id, reasons, submitted_at, decided_on, status) values (2, '{DEFECT,WRONG_AMOUNT}', '2026-04-01 10:00Z', '2026-04-20', 'REJECTED');
insert into core.receipt (case_id, kind, paid_on, amount_ore, statement, files, submitted_at) values (1, 'TO_CREDITOR', '2026-03-30', 25000, 'Betalt i nettbanken.', 1, '2026-04-03 10:00Z');
insert into core.complaint (case_id, categories, statement, submitted_at, answer_by) values (1, '{COSTS,SECRECY}', 'Ringte sjefen.', '2026-04-02 10:00Z', '2026-04-09');
insert into core.message (debtor_id, case_id, sender, body, sent_at) values (1, 1, 'DEBTOR', 'Hei', '2026-04-01 10:00Z');
insert into core.request (case_id, kind, status, requested_at, until, decided_on) values (2, 'DEFERRAL', 'GRANTED', '2026-05-01 10:00Z', '2026-05-20', '2026-05-02');
insert into core.power_of_attorney (debtor_id, attorney_national_id, attorney_name, all_cases, valid_from) values (1, '29822099635', 'Annen Person', false, '2026-01-01');
insert into core.power_of_attorney_case values (1, 1);
