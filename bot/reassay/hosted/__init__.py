"""The hosted App: intake, inbox, jobs, database and web pages."""
