"""Rules of the hosted App, without I/O: the meaning of a delivery, when a repository is swept, how long a job waits."""
