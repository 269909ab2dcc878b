"""The NCSC's guidelines for secure AI system development, by the stage of development they speak of."""

from reassay.register.catalogues.base import Catalogue

_GROUPS = {
    "Secure design": "Understanding risks and threat modelling, trade-offs of system and model design",
    "Secure development": "Supply chain, documentation, asset and technical debt management",
    "Secure deployment": "Protecting infrastructure and models, incident management, responsible release",
    "Secure operation and maintenance": "Logging and monitoring, update management, information sharing",
}


def _group_of(control: str) -> str | None:
    """`Secure design: raise staff awareness ...` is of Secure design."""
    stage = control.partition(":")[0].strip().casefold()
    return next((name for name in _GROUPS if name.casefold() == stage), None)


CATALOGUE = Catalogue(
    name="NCSC guidelines for secure AI system development",
    aliases=("NCSC guidelines", "NCSC secure AI system development"),
    title="NCSC guidelines for secure AI system development, by stage",
    source="NCSC, CISA and others, Guidelines for secure AI system development, November 2023",
    groups=_GROUPS,
    group_of=_group_of,
)
