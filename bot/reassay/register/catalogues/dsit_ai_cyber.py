"""The United Kingdom's code of practice for the cyber security of AI (DSIT, 2025), by principle."""

from reassay.register.catalogues.base import Catalogue

_GROUPS = {
    "Principle 1": "Raise awareness of AI security threats and risks",
    "Principle 2": "Design the AI system for security as well as functionality and performance",
    "Principle 3": "Evaluate the threats and manage the risks to the AI system",
    "Principle 4": "Enable human responsibility for AI systems",
    "Principle 5": "Identify, track and protect the assets",
    "Principle 6": "Secure the infrastructure",
    "Principle 7": "Secure the supply chain",
    "Principle 8": "Document data, models and prompts",
    "Principle 9": "Conduct appropriate testing and evaluation",
    "Principle 10": "Communication and processes associated with end-users and affected entities",
    "Principle 11": "Maintain regular security updates, patches and mitigations",
    "Principle 12": "Monitor the system's behaviour",
    "Principle 13": "Ensure proper data and model disposal",
}


def _group_of(control: str) -> str | None:
    """`Principle 7`, `7` or `7.1`."""
    number = control.strip().casefold().removeprefix("principle").strip().partition(".")[0]
    name = f"Principle {number}"
    return name if name in _GROUPS else None


CATALOGUE = Catalogue(
    name="DSIT AI cyber security code of practice",
    aliases=("DSIT code of practice", "Code of Practice for the Cyber Security of AI"),
    title="DSIT Code of Practice for the Cyber Security of AI, principles",
    source="DSIT, Code of Practice for the Cyber Security of AI, 31 January 2025",
    groups=_GROUPS,
    group_of=_group_of,
)
