-- What the agency itself is, what it has decided, and the statutory rates.

insert into inkasso.firma (firmanr, navn, orgnr, telefon, epost, nettsted, postadresse, domener, avsendere, telefoner,
                           klientkonti)
values (1, 'Tradisjonsinkasso AS', '310000205', '+4768050200',
        'kundeservice@tradisjonsinkasso.example', 'https://tradisjonsinkasso.example',
        'Postboks 202, 7402 Trondheim', 'tradisjonsinkasso.example; betal-tradisjon.example',
        'Tradisjon', '+4768050201', '9720.20.20201');

insert into inkasso.sporsmal (sporsmalnr, stikkord, maalform, sporsmal, svar)
values (1, 'deferral', 'B', 'Kan jeg få utsatt fristen?',
        'Ja, inntil 14 dager uten gebyr når saken ikke er omstridt. Be om det her, så får du svar med en gang.'),
       (1, 'deferral', 'N', 'Kan eg få utsett fristen?',
        'Ja, inntil 14 dagar utan gebyr når saka ikkje er omstridd. Be om det her, så får du svar med ein gong.'),
       (2, 'opening-hours', 'B', 'Når har dere åpent?', 'Telefonen er åpen fra 9 til 15 på hverdager.');

insert into inkasso.retningslinje (firmanr, minste_avdrag, maks_antall_avdrag, avdragsgebyr,
                                   avdragssalaer, salaerfrie_avdrag, maks_utsettelse)
values (1, 500.00, 12, 95.00, 1125.00, 4, 14);

-- Late-payment interest, set for each half-year by the ministry and, since June
-- 2025, by Finanstilsynet. Read from forsinkelsesrente.net (to 2024-01-01) and
-- from rate notices of agencies.
insert into inkasso.sats (type, gjelder_fra, prosent, kilde)
select 1, fra, prosent, kilde
from (values
    (date '2015-01-01',  9.25, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2015-07-01',  9.00, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2016-01-01',  8.75, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2016-07-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2017-01-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2017-07-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2018-01-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2018-07-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2019-01-01',  8.75, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2019-07-01',  9.25, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2020-01-01',  9.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2020-07-01',  8.00, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2021-01-01',  8.00, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2021-07-01',  8.00, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2022-01-01',  8.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2022-07-01',  9.25, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2023-01-01', 10.75, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2023-07-01', 11.75, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2024-01-01', 12.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2024-07-01', 12.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2025-01-01', 12.50, 'forsinkelsesrenteloven § 3, Finansdepartementet'),
    (date '2025-07-01', 12.25, 'forsinkelsesrenteloven § 3, Finanstilsynet'),
    (date '2026-01-01', 12.00, 'forsinkelsesrenteloven § 3, Finanstilsynet'),
    (date '2026-07-01', 12.25, 'forsinkelsesrenteloven § 3, Finanstilsynet')
) s (fra, prosent, kilde);
