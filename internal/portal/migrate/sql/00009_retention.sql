-- +goose Up
-- A power of attorney goes with what agencies were told of it.
alter table portal.power_of_attorney_agency
    drop constraint power_of_attorney_agency_power_fkey,
    add foreign key (power) references portal.power_of_attorney on delete cascade;

insert into portal.retention_rule (name, relation, age, routine, days, reason) values
    ('power_of_attorney', 'portal.power_of_attorney', 'valid_until', null, 1095,
     'What was done under it can be disputed for three years (foreldelsesloven § 2)'),
    ('throttle', 'portal.throttle', 'lapses_at', null, 1,
     'It counts for nothing any more; this is the second net behind the service''s own clean-up');

-- +goose Down
delete from portal.retention_rule where name in ('power_of_attorney', 'throttle');
alter table portal.power_of_attorney_agency
    drop constraint power_of_attorney_agency_power_fkey,
    add foreign key (power) references portal.power_of_attorney;
