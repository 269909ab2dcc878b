"""The hosted App over HTTP: deliveries come in raw, everything else is for people and their programs."""
