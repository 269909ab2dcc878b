-- The dashboard of each repository, as of the last sweep from which one could be made.

create table reassay_dashboards (
    repository_id bigint primary key references reassay_repositories (id) on delete cascade,
    key text,                            -- of what the document shows; null while there is none
    document bytea,                      -- `reassay/dashboard/v1`, compressed with zlib
    confirmed_at timestamptz,            -- of the last sweep that found what the document shows
    tried text not null,                 -- the key of the last attempt, which is not made twice
    failure text not null default ''     -- why the last attempt gave no document; empty if it gave one
);
