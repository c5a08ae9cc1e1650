-- What waits for a case worker, the oldest first. Rides on what the agency has of its waiting rows, on
-- case (case_id), debtor (debtor_id). A row that comes twice is one.
select distinct on (x.created_at, x.item_id)
       x.item_id, x.kind, x.case_id::text, x.created_at, x.answer_by, x.subject_id, d.national_id
from oversikt.queue_item x
left join oversikt.case c on c.case_id = x.case_id
left join oversikt.debtor d on d.debtor_id = coalesce(x.debtor_id, c.debtor_id)
where (@kind::text is null or x.kind = @kind)
  and (@answer_by::date is null or x.answer_by <= @answer_by)
  and (@items::text[] is null or x.item_id = any (@items))
  and (@others::text[] is null or x.item_id <> all (@others))
  and (@after_at::timestamptz is null or (x.created_at, x.item_id) > (@after_at, @after_id::text))
order by x.created_at, x.item_id
limit @rows::int
