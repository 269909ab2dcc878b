-- Tables of the hosted App. Everything here can be lost: what happened is in the ledgers and on GitHub.
-- Migrations only add; an older program goes on working beside a newer one.

create table reassay_inbox (
    delivery_id text primary key,
    seq bigint generated always as identity,
    event text not null,
    body bytea,                              -- null once it was read
    received_at timestamptz not null,
    done_at timestamptz
);
create index reassay_inbox_new on reassay_inbox (seq) where done_at is null;
create index reassay_inbox_received on reassay_inbox (received_at);

create table reassay_dead_letters (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('delivery', 'job')),
    key text not null,                       -- delivery id, or repository id and subject
    repository_id bigint,
    event text,
    body bytea,
    reason text not null,
    at timestamptz not null,
    redriven_at timestamptz,
    unique (kind, key)
);

create table reassay_installations (
    id bigint primary key,
    account text not null,
    account_id bigint,
    suspended boolean not null default false,
    limited_until timestamptz,               -- GitHub asked for a pause: no job of it runs before
    seen_at timestamptz not null
);

create table reassay_repositories (
    id bigint primary key,
    installation_id bigint not null references reassay_installations (id) on delete cascade,
    full_name text not null,
    private boolean not null default true,
    timezone text not null default 'UTC',
    next_sweep_at timestamptz not null,
    swept_at timestamptz,                    -- the last sweep that finished
    fingerprint jsonb,                       -- what GitHub said then; equal now means unchanged
    status jsonb,                            -- document reassay/status/v1 as of then
    problems jsonb
);
create index reassay_repositories_next on reassay_repositories (next_sweep_at);
create index reassay_repositories_installation on reassay_repositories (installation_id);
create index reassay_repositories_name on reassay_repositories (lower(full_name));

-- Instants at which something changes by itself: a cell opens, falls due, turns overdue, is reminded of.
create table reassay_due (
    repository_id bigint not null references reassay_repositories (id) on delete cascade,
    subject text not null,
    cell text not null,
    kind text not null,
    at timestamptz not null,
    primary key (repository_id, subject, cell, kind)
);
create index reassay_due_at on reassay_due (at);

-- What files of a register say, by digest of their bytes and version of the reader.
create table reassay_parsed (
    digest text not null,
    version text not null,
    value jsonb not null,
    used_on date not null,
    primary key (digest, version)
);

create table reassay_ticks (
    name text primary key,
    at timestamptz not null
);

create table reassay_spent (
    installation_id bigint not null,
    minute timestamptz not null,
    points integer not null default 0,
    creations integer not null default 0,
    primary key (installation_id, minute)
);

create table reassay_sessions (
    digest bytea primary key,                -- of the cookie; the cookie itself is nowhere
    account_id bigint not null,
    login text not null,
    repositories bigint[] not null,          -- what GitHub said this account may read
    expires_at timestamptz not null
);
