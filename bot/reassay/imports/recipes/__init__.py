"""Recipes for public catalogues, by name."""

from typing import Final

from reassay.imports.recipes import ciso_assistant, cosai_risk_map, finos_aigf, mitre_atlas, owasp_aisvs, owasp_asvs
from reassay.imports.recipes.base import Recipe

RECIPES: Final[tuple[Recipe, ...]] = (
    finos_aigf.RECIPE,
    cosai_risk_map.RECIPE,
    mitre_atlas.RECIPE,
    owasp_aisvs.RECIPE,
    owasp_asvs.RECIPE,
    ciso_assistant.RECIPE,
)
