"""Page, README, tables, manifest and OSCAL document of an audit pack, and the history of one record."""
