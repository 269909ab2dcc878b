"""The section to which a red check leads says of every rule what it asks for."""

import re
from pathlib import Path

from reassay.gate.rules import RULES
from reassay.gate.views.check_run import RULES_PAGE
from tests.unit.docs.page_commands import ROOT


def test_the_link_of_a_red_check_leads_to_a_section_with_every_rule() -> None:
    path, _, anchor = RULES_PAGE.removeprefix("https://github.com/reassay/reassay/blob/main/").partition("#")
    page = Path(ROOT / path).read_text(encoding="utf-8")
    section = page.partition(f"\n## {anchor.replace('-', ' ').capitalize()}\n")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)
    assert sorted(named) == sorted(rule.name for rule in RULES)
