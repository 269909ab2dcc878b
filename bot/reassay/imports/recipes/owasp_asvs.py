"""OWASP ASVS, the verification standard for applications."""

from reassay.imports.recipes.verification_standards import verification_standard

RECIPE = verification_standard("owasp-asvs", "ASVS", "0x[12]?-V*.md", "5.0, fe04986")
