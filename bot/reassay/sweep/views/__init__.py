"""Issues, comments and the report of a sweep as Markdown and text."""
