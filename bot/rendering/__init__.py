"""Domain values become Markdown, terminal text and documents. No decisions here; the words stand in templates/."""
