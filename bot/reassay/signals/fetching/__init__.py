"""Reading over HTTP: time-outs, sizes, retries, addresses that may be read, and secrets that the operator declares."""
