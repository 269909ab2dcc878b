"""PostgreSQL for the hosted App: an embedded server or an external one. Its content can be rebuilt from GitHub."""
