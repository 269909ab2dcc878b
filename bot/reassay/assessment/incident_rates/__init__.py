"""The watch of an incident-rate trigger over a cell: what counts, what decisions signed, what sources say, and its words."""
