"""OSCAL catalogues and component definitions (https://pages.nist.gov/OSCAL, 1.x) as rows of a list of controls."""
