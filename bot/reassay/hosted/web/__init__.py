"""The hosted App over HTTP: webhook intake, pages and the API."""
