-- The last entry of the ledger that a job has read or written: a later job finds by it that the ledger was cut.

alter table reassay_repositories add column ledger_seq bigint;
alter table reassay_repositories add column ledger_anchor text;
