"""PostgreSQL for the hosted App: one that starts itself, or one that is given. Losing it loses nothing but time."""
