"""The hosted App's tables: what it knows of installations and repositories. All of it can be read again from GitHub."""
