insert into inkasso.fordringshaver (fordringshaver_id, navn, orgnr) values ('00000000-0000-7000-8000-000000000001', 'Strøm AS', '123456785');
insert into inkasso.skyldner (skyldner_id, fnr, fornavn, etternavn, postnr, poststed)
values ('00000000-0000-7000-8000-000000000002', '17912099997', 'Prøve', 'Person', 150, 'Oslo');
insert into inkasso.sak (saksnr, skyldner_id, fordringshaver_id, gjelder, registrert, rente_fra, kid, kontonr, betalingsmottaker)
values ('24-0012345-7', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Strøm', '2026-02-01',
        '2026-02-15', '12344', '86011117947', 'Inkasso AS');
insert into inkasso.salaer (saksnr, type, belop, dato) values ('24-0012345-7', 1, 35, '2026-02-10');
insert into inkasso.brev (saksnr, type, tittel, sendt, frist, opprettet) values ('24-0012345-7', 'BO', 'Krav', '2026-02-12', '20260226', '2026-02-12');
insert into inkasso.innbetaling (saksnr, belop, valutert, kanal) values ('24-0012345-7', 10, '2026-03-01', 'B');
