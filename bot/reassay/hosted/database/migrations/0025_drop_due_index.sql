-- Nothing reads the instants of all repositories by time: each repository reads its own, by the primary key.

drop index if exists reassay_due_window;
