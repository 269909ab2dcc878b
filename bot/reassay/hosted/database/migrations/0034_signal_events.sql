-- Webhooks of monitoring tools: the sources that may send them, and what they sent until the ledger has it.

create table reassay_signal_sources (    -- as of the last sweep
    repository_id bigint not null references reassay_repositories (id) on delete cascade,
    source text not null,
    kind text not null,
    secret text not null,                -- its name; values are with the operator alone
    primary key (repository_id, source)
);

create table reassay_signal_events (     -- what is used of a message, until a sweep has recorded it
    id bigint generated always as identity primary key,
    repository_id bigint not null references reassay_repositories (id) on delete cascade,
    source text not null,
    digest bytea not null,
    payload bytea,                       -- null once it was kept for too long
    received_at timestamptz not null,
    unique (repository_id, source, digest)
);
