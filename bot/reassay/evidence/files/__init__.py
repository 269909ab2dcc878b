"""Files of evidence on disk."""
