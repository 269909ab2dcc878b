-- What the scheduler and the jobs remember beside the first tables.

alter table reassay_repositories add column looked jsonb;               -- what the last look at many said of it
alter table reassay_repositories add column looked_at timestamptz;
alter table reassay_repositories add column fine boolean not null default false; -- whether the last sweep left nothing undone

create table reassay_redelivered (       -- deliveries that GitHub was asked to make again: once each
    delivery_id text primary key,
    at timestamptz not null
);

comment on column reassay_spent.minute is 'start of a slot of ten seconds';

-- The items of a day are read from the index alone.
create index reassay_due_window on reassay_due (at) include (repository_id, subject, cell, kind);
drop index reassay_due_at;
