"""Views of check findings: terminal text, JSON, workflow annotations and SARIF."""
