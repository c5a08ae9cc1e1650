-- What the agency answers anybody in its own words: no person's, and read whole.
select f.faq_key, f.language, f.question, f.answer
from oversikt.faq f
order by f.faq_key, f.language
limit 1000
