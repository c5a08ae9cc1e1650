-- Entries as the spool has them, as many as there are, each once.
insert into portal.access_log (at, id, request, actor_kind, actor, actor_agency, subject, ground, attorney, reason,
                               action, what, agencies, cases, cases_cut, client, outcome, mark)
select e.at, e.id, e.request, e."actorKind", decode(e.actor, 'hex'), e."actorAgency", decode(e.subject, 'hex'), e.ground,
       e.attorney, e.reason, e.action, e.what, e.agencies, coalesce(e.cases, '{}'), coalesce(e."casesCut", false), e.client, e.outcome,
       decode(e.mark, 'hex')
from json_to_recordset(@entries::json) as e (
    at timestamptz, id uuid, request text, "actorKind" text, actor text, "actorAgency" text, subject text, ground text,
    attorney text, reason text, action text, what text[], agencies text[], cases text[], "casesCut" boolean, client text, outcome text, mark text)
on conflict (at, id) do nothing
