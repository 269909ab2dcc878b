"""Statistics of evaluation results, from the standard library alone; docs/explanation/statistics.md derives each formula."""
