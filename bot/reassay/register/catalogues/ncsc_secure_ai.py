"""The NCSC's guidelines for secure AI system development, by the stage of development they speak of."""

NAME = "NCSC guidelines for secure AI system development"
ALIASES = ("NCSC guidelines", "NCSC secure AI system development")
TITLE = "NCSC guidelines for secure AI system development, by stage"
SOURCE = "NCSC, CISA and others, Guidelines for secure AI system development, November 2023"
GROUPS = {
    "Secure design": "Understanding risks and threat modelling, trade-offs of system and model design",
    "Secure development": "Supply chain, documentation, asset and technical debt management",
    "Secure deployment": "Protecting infrastructure and models, incident management, responsible release",
    "Secure operation and maintenance": "Logging and monitoring, update management, information sharing",
}


def group_of(control: str) -> str | None:
    """`Secure design: raise staff awareness ...` is of Secure design."""
    stage = control.partition(":")[0].strip().casefold()
    return next((name for name in GROUPS if name.casefold() == stage), None)
