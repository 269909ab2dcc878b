"""RAND's security levels for model weights: a level is met or it is not, lower ones are part of it."""

NAME = "RAND SL"
ALIASES = ("RAND security levels", "RAND Securing AI Model Weights")
TITLE = "RAND security levels (Securing AI Model Weights, 2024)"
CUMULATIVE = True
SOURCE = "RAND RR-A2849-1, 2024"
GROUPS = {
    "SL1": "Amateur attempts",
    "SL2": "Professional opportunistic efforts",
    "SL3": "Cybercrime syndicates and insider threats",
    "SL4": "Standard operations by leading cyber-capable institutions",
    "SL5": "Top-priority operations by the top cyber-capable institutions",
}


def group_of(control: str) -> str | None:
    """`SL3`, or `sl-3`."""
    level = control.strip().upper().replace("-", "").replace(" ", "")
    return level if level in GROUPS else None
