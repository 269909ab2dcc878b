"""OWASP AISVS, the verification standard for systems with AI."""

from reassay.imports.recipes.verification_standards import verification_standard

RECIPE = verification_standard("owasp-aisvs", "AISVS", "0x10-C*.md", "1.0, 94fbad5")
