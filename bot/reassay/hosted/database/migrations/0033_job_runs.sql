-- How the last run of each repository's jobs ended, to tell one broken repository from a server whose jobs all fail.

create sequence reassay_run_numbers;     -- runs are counted and not timed: clocks may be set back
create table reassay_job_runs (
    repository_id bigint primary key references reassay_repositories (id) on delete cascade,
    succeeded bigint not null default 0,     -- number of its last run that succeeded
    failed bigint not null default 0,        -- number of its last run that failed
    reason text not null default ''          -- why that one failed
);
