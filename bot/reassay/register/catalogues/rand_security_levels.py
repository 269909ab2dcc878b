"""RAND's security levels for model weights: a level is met or it is not, lower ones are part of it."""

from reassay.register.catalogues.base import Catalogue

_GROUPS = {
    "SL1": "Amateur attempts",
    "SL2": "Professional opportunistic efforts",
    "SL3": "Cybercrime syndicates and insider threats",
    "SL4": "Standard operations by leading cyber-capable institutions",
    "SL5": "Top-priority operations by the top cyber-capable institutions",
}


def _group_of(control: str) -> str | None:
    """`SL3`, or `sl-3`."""
    level = control.strip().upper().replace("-", "").replace(" ", "")
    return level if level in _GROUPS else None


CATALOGUE = Catalogue(
    name="RAND SL",
    aliases=("RAND security levels", "RAND Securing AI Model Weights"),
    title="RAND security levels (Securing AI Model Weights, 2024)",
    source="RAND RR-A2849-1, 2024",
    groups=_GROUPS,
    group_of=_group_of,
    is_cumulative=True,
)
