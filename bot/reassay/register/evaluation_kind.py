"""Kinds of evaluation. A mitigation that rests on one kind alone shares the blind spots of that kind."""

from typing import Literal

EvaluationKind = Literal[
    "red-teaming",
    "capability-evaluation",
    "adversarial-test",
    "performance-verification",
    "drill",
    "review",
    "monitoring",
]
"""What was done: people who try to break it; what a model can do; a fixed set of attacks; whether it works on ordinary use; a
rehearsal; people who read and judge; what was seen in use."""
