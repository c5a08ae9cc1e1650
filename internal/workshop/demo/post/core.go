package post

import "github.com/oversikt/oversikt/internal/workshop/demo/people"

// core is how one layout of a core is worked on.
type core struct {
	take  string // locks the oldest order that nobody else works on
	write string // the hash, the letter, and that all orders of the case are delivered
}

func coreOf(code string) core {
	switch code {
	case people.Tradisjon:
		return legacyCore
	case people.Journal:
		return journalCore
	}
	return referenceCore
}

var referenceCore = core{
	take: `
select o.case_id::text as case, c.case_number, d.name, w.by, w.channel, w.address,
       case d.language when 'en' then 'New password' else 'Nytt passord' end as title,
       to_char(now() at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI:SS') as sent,
       array(select mark::integer from core.case_credential p where p.case_id = o.case_id) as taken
from core.credential_order o
join core.case c using (case_id)
join core.debtor d using (debtor_id)
cross join lateral (
    select * from (values
        (1, 'E-post', 'EMAIL', case o.channel when 'CONTACT_POINT' then d.email end),
        (2, 'SMS', 'OTHER', case o.channel when 'CONTACT_POINT' then d.phone end),
        (3, 'Brev', 'POST', concat_ws(', ', d.street_address, concat_ws(' ', d.postal_code, d.city)))
    ) v (nth, by, channel, address)
    where address is not null order by nth limit 1
) w
where o.delivered_at is null
order by o.ordered_on limit 1
for update of o skip locked`,
	write: `
with delivered as (
    update core.credential_order set delivered_at = now() where case_id = @case::text::bigint and delivered_at is null
), sent as (
    insert into core.letter (case_id, kind, title, channel, sent_on)
    values (@case::text::bigint, 'OTHER', @title, @channel, core.today())
)
insert into core.case_credential (case_id, mark, password_hash, issued_on, valid_until)
values (@case::text::bigint, @mark, @hash, core.today(), core.today() + @days::integer)`,
}

var legacyCore = core{
	take: `
select b.saksnr as case, b.saksnr as case_number, concat_ws(' ', d.fornavn, d.etternavn) as name, w.by, w.channel, w.address,
       case d.maalform when 'E' then 'New password' else 'Nytt passord' end as title,
       to_char(now() at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI:SS') as sent,
       array(select merke::integer from inkasso.passord p where p.saksnr = b.saksnr) as taken
from inkasso.passordbestilling b
join inkasso.sak s using (saksnr)
join inkasso.skyldner d using (skyldner_id)
cross join lateral (
    select * from (values
        (1, 'E-post', 'E', case b.maate when 'K' then d.epost end),
        (2, 'SMS', 'S', case b.maate when 'K' then d.telefon end),
        (3, 'Brev', 'P', concat_ws(', ', d.adresse, concat_ws(' ', to_char(d.postnr, 'FM0000'), d.poststed)))
    ) v (nr, by, channel, address)
    where address is not null order by nr limit 1
) w
where b.levert is null
order by b.dato limit 1
for update of b skip locked`,
	write: `
with levert as (
    update inkasso.passordbestilling set levert = now() where saksnr = @case and levert is null
), sendt as (
    insert into inkasso.brev (saksnr, type, tittel, kanal, sendt, opprettet)
    values (@case, 'AN', @title, @channel, inkasso.i_dag(), now() at time zone 'Europe/Oslo')
)
insert into inkasso.passord (saksnr, merke, avtrykk, utstedt, gyldig_til)
values (@case, @mark, @hash, inkasso.i_dag(), inkasso.i_dag() + @days::integer)`,
}

var journalCore = core{
	take: `
select c.id as case, c.number as case_number, d.name, w.by, w.channel, w.address,
       case d.language when 'E' then 'New password' else 'Nytt passord' end as title,
       to_char(now() at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI:SS') as sent,
       array(select mark::integer from journal.credential p where (p.case_office, p.case_serial) = (c.office, c.serial)) as taken
from journal.credential_order o
join journal.keyed c on (c.office, c.serial) = (o.case_office, o.case_serial)
join journal.debtor d on (d.office, d.serial) = (c.debtor_office, c.debtor_serial)
cross join lateral (
    select * from (values
        (1, 'E-post', 'E', case when not o.by_letter then d.email end),
        (2, 'SMS', 'S', case when not o.by_letter then d.phone end),
        (3, 'Brev', 'P', concat_ws(', ', d.street, concat_ws(' ', d.postal_code, d.city)))
    ) v (nth, by, channel, address)
    where address is not null order by nth limit 1
) w
where o.sent_at is null
order by o.ordered_on limit 1
for update of o skip locked`,
	write: `
with delivered as (
    update journal.credential_order set sent_at = now()
    where case_office || '-' || case_serial = @case::text and sent_at is null
), sent as (
    insert into journal.letter (office, serial, case_office, case_serial, kind, title, channel, sent_on, created_at, bytes)
    select s.office, nextval('journal.serials'), s.office, s.serial, 'AN', @title, @channel, journal.day_of(journal.today()),
           now(), octet_length(@title)
    from journal.keyed s where s.id = @case
)
insert into journal.credential (case_office, case_serial, mark, hash, issued_on, valid_until)
select s.office, s.serial, @mark, @hash, journal.today(), journal.today() + @days::integer
from journal.keyed s where s.id = @case`,
}
