"""What to write for a key: shown where one is missing, and in the schema. A test sees to it that none is forgotten."""

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, object]] = {
    "id": "jailbreak-filter",
    "title": "Input filter blocks known jailbreak families",
    "owner": "safety-lead",
    "audience": "external",
    "statement": "A non-expert cannot elicit it within two weeks",
    "name": "attack success rate",
    "kind": "judgement",
    "at_most": 0.02,
    "at_least": 0.95,
    "population": 120,
    "success": "The on-call engineer switches it off within an hour",
    "question": "Would this have stopped last year's cases?",
    "scheme": "MIT-v2",
    "code": "2.2.2",
    "catalogue": "NIST-800-53",
    "control": "AC-6",
    "text": "A new family of attacks gets through",
    "group": "verified researchers",
    "safeguard": "input-filter",
    "reason": "Defensive research under contract",
    "users": ["safety-lead"],
}
