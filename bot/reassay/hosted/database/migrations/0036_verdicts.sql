-- The verdict on each open pull request with what-if, as of the last job that judged it.

create table reassay_verdicts (
    repository_id bigint not null references reassay_repositories (id) on delete cascade,
    pull integer not null,
    key text not null,           -- of the verdict without what-if: it is computed again only if this differs
    document bytea not null,     -- one of `verdicts` in `reassay/dashboard/v1`, compressed with zlib
    primary key (repository_id, pull)
);
