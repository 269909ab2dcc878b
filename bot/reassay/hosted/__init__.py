"""The hosted GitHub App: webhook intake, inbox, jobs, periodic tasks, database and web pages."""
