"""Evidence in words, tables and documents."""
