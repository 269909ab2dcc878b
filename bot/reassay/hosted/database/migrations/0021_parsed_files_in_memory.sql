-- Parsed files are kept in the memory of each process. One of an older version that still runs parses everything then.
drop table if exists reassay_parsed;
