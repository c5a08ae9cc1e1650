-- The places of texts that a search finds. Those with all of its words come first, then the best.
select (t.n - 1)::integer as place
from unnest(@titles::text[], @bodies::text[]) with ordinality t (title, body, n)
cross join lateral (
    select setweight(to_tsvector(@config::text::regconfig, t.title), 'A')
        || to_tsvector(@config::text::regconfig, t.body) as words
) d
cross join lateral (
    select websearch_to_tsquery(@config::text::regconfig, @search::text) as every,
           replace(plainto_tsquery(@config::text::regconfig, @search::text)::text, ' & ', ' | ')::tsquery as any
) q
where d.words @@ q.any
order by d.words @@ q.every desc, ts_rank(d.words, q.any) desc, t.n
