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
)
