"""NIST SP 800-53 revision 5, by control family."""

from reassay.register.catalogues.base import Catalogue

_GROUPS = {
    "AC": "Access control",
    "AT": "Awareness and training",
    "AU": "Audit and accountability",
    "CA": "Assessment, authorization, and monitoring",
    "CM": "Configuration management",
    "CP": "Contingency planning",
    "IA": "Identification and authentication",
    "IR": "Incident response",
    "MA": "Maintenance",
    "MP": "Media protection",
    "PE": "Physical and environmental protection",
    "PL": "Planning",
    "PM": "Program management",
    "PS": "Personnel security",
    "PT": "PII processing and transparency",
    "RA": "Risk assessment",
    "SA": "System and services acquisition",
    "SC": "System and communications protection",
    "SI": "System and information integrity",
    "SR": "Supply chain risk management",
}

_LAST = {"AC": 25, "AT": 6, "AU": 16, "CA": 9, "CM": 14, "CP": 13, "IA": 13, "IR": 10, "MA": 7, "MP": 8} | {
    "PE": 23, "PL": 11, "PM": 32, "PS": 9, "PT": 8, "RA": 10, "SA": 24, "SC": 51, "SI": 23, "SR": 12
}  # fmt: skip
"""Numbers of the last controls in release 5.2, withdrawn ones included."""


def _group_of(control: str) -> str | None:
    """`AC-3(2)` is of family AC."""
    family = control.strip().partition("-")[0].upper()
    return family if family in _GROUPS else None


CATALOGUE = Catalogue(
    name="NIST-800-53",
    aliases=("NIST SP 800-53", "NIST SP 800-53 Rev. 5", "800-53"),
    title="NIST SP 800-53 Rev. 5, control families",
    source="NIST SP 800-53 Rev. 5, table 1",
    groups=_GROUPS,
    group_of=_group_of,
    last_numbers=_LAST,
)
