-- Prints a letter anew, as tagged PDF, from what the views of the contract say. Every core has the same.

-- A page of tagged PDF in the standard font, which need not be embedded.
create function journal.page(language text, title text, paragraphs text[]) returns bytea
language plpgsql immutable as $$
declare
    texts   constant text[] := array(
        select '(' || regexp_replace(regexp_replace(regexp_replace(regexp_replace(p, '[^ -~\u00a0-\u00ff]', '?', 'g'),
                   '(\S{60})', '\1 ', 'g'), '([()\\])', '\\\1', 'g'), '(?=.{85})(.{1,84})\s', E'\\1) Tj T* (', 'g') || ') Tj T*'
        from unnest(title || paragraphs) with ordinality u (p, place) order by place);
    last    constant integer := cardinality(texts) + 7;
    kids    constant text := (select string_agg(n || ' 0 R', ' ' order by n) from generate_series(8, last) n);
    drawn   constant text := 'BT 56 780 Td 15 TL ' || (
        select string_agg(case place when 1 then '/H1 <</MCID 0>> BDC /F 15 Tf 18 TL ' else '/P <</MCID ' || place - 1 || '>> BDC /F 10 Tf 14 TL ' end
                          || t || ' EMC T*', E'\n' order by place)
        from unnest(texts) with ordinality u (t, place)) || ' ET';
    objects constant text[] := array[
        '<</Type /Catalog /Pages 2 0 R /Lang (' || language || ') /MarkInfo <</Marked true>> /StructTreeRoot 6 0 R /ViewerPreferences <</DisplayDocTitle true>>>>',
        '<</Type /Pages /Kids [3 0 R] /Count 1>>',
        '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <</Font <</F 4 0 R>>>> /Contents 5 0 R /StructParents 0 /Tabs /S>>',
        '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>',
        '<</Length ' || length(drawn) || E'>>\nstream\n' || drawn || E'\nendstream',
        '<</Type /StructTreeRoot /K 7 0 R /ParentTree <</Nums [0 [' || kids || ']]>> /ParentTreeNextKey 1>>',
        '<</Type /StructElem /S /Document /P 6 0 R /K [' || kids || ']>>'
    ] || array(select '<</Type /StructElem /S /' || case n when 8 then 'H1' else 'P' end || ' /P 7 0 R /Pg 3 0 R /K ' || n - 8 || '>>'
               from generate_series(8, last) n)
      || ('<</Title (' || regexp_replace(regexp_replace(title, '[^ -~\u00a0-\u00ff]', '?', 'g'), '([()\\])', '\\\1', 'g') || ')>>');
    file    text := E'%PDF-1.7\n';
    begun   text := '';
begin
    for n in 1..last + 1 loop
        begun := begun || lpad(length(file)::text, 10, '0') || E' 00000 n \n';
        file := file || n || E' 0 obj\n' || objects[n] || E'\nendobj\n';
    end loop;
    return convert_to(file || E'xref\n0 ' || last + 2 || E'\n0000000000 65535 f \n' || begun || 'trailer <</Size ' || last + 2
        || ' /Root 1 0 R /Info ' || last + 1 || E' 0 R>>\nstartxref\n' || length(file) || E'\n%%EOF\n', 'LATIN1');
end
$$;

create function journal.amount(language text, ore bigint) returns text
language sql immutable as $$
    select case language when 'en' then 'NOK ' || trim(to_char(ore / 100, '999G999G999G990')) || '.' || lpad((ore % 100)::text, 2, '0')
                         else replace(trim(to_char(ore / 100, '999,999,999,990')), ',', chr(160)) || ',' || lpad((ore % 100)::text, 2, '0') || ' kr' end
$$;

-- A letter as it is printed anew, of a case in which there is one of that document; else of nothing.
create function journal.printed(document text, of_case text) returns bytea
language sql stable as $$
    select journal.page(lower(b.language), l.title, array[
               a.name || coalesce(', ' || a.postal_address, ''),
               b.name || coalesce(', ' || b.street_address, '') || coalesce(', ' || b.postal_code || ' ' || b.city, ''),
               ' ', w.words[1] || ': ' || l.sent_on, w.words[2] || ': ' || c.case_number, w.words[3] || ': ' || k.name,
               w.words[4] || ': ' || c.description]
           || case when c.creditor_reference is not null then w.words[5] || ': ' || c.creditor_reference end
           || case when l.amount_ore is not null then w.words[6] || ': ' || journal.amount(lower(b.language), l.amount_ore) end
           || case when l.due_on is not null then w.words[7] || ': ' || l.due_on end
           || array[w.words[8] || ' ' || c.payee || ', ' || c.account || ', KID ' || c.kid, ' ', w.words[9]])
    from oversikt.letter l
    join oversikt.case c on c.case_id = l.case_id
    join oversikt.debtor b on b.debtor_id = c.debtor_id
    join oversikt.creditor k on k.creditor_id = c.creditor_id
    cross join oversikt.agency a
    cross join lateral (select case lower(b.language)
        when 'en' then array['Sent', 'Case number', 'Creditor', 'About', 'The creditor''s reference', 'Amount', 'Pay by', 'Pay to',
                             'This is a new print of the letter, made from our records.']
        when 'nn' then array['Sendt', 'Saksnummer', 'Fordringshavar', 'Gjeld', 'Fordringshavaren si referanse', 'Beløp', 'Betal innan',
                             'Betal til', 'Dette er ei ny utskrift av brevet, laga av opplysningane i saka.']
        else array['Sendt', 'Saksnummer', 'Fordringshaver', 'Gjelder', 'Fordringshavers referanse', 'Beløp', 'Betal innen',
                   'Betal til', 'Dette er en ny utskrift av brevet, laget av opplysningene i saken.'] end) w (words)
    where l.document_id::text = document and c.case_id::text = of_case
    order by l.sent_on
    limit 1
$$;
