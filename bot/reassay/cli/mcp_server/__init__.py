"""The server of `reassay mcp`: questions of an assistant about one checkout, and nothing that writes (docs/decisions/0066)."""
