"""Small catalogues in the shapes of the public ones that recipes read, in words of this project."""

from collections.abc import Mapping
from pathlib import Path

CC_BY = "Attribution 4.0 International\n\nTerms follow.\n"
CC_BY_SA = "Attribution-ShareAlike 4.0 International\n\nTerms follow.\n"
APACHE = "                              Apache License\n                        Version 2.0, January 2004\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def finos(folder: Path, **more: str) -> Path:
    mitigation = """\
---
sequence: {number}
title: {title}
layout: mitigation
doc-status: Draft
type: {kind}
iso-42001_references:
  - A-6-2-3  # a comment
nist-sp-800-53r5_references:
  - cm-2
eu-ai-act_references:
  - c3-s2-a14
mitigates:
  - ri-1  # Leaks
  - ri-2
related_mitigations:
  - mi-{other}
---

## Purpose

What it is for.

---

## Details

Much more text.
"""
    risk = """\
---
sequence: {number}
title: {title}
layout: risk
type: SEC
owasp-llm_references:
  - llm01-2025
related_risks:
  - ri-9
---

## Summary

How it goes wrong.
"""
    return write(
        folder,
        {
            "LICENSE": CC_BY,
            "docs/_config.yml": "title: A framework\nversion: v3\n",
            "docs/_data/references/eu-ai-act.yml": "entries:\n  c3-s2-a14:\n    url: https://law.example.org/14\n",
            "docs/_mitigations/mi-2_pin-versions.md": mitigation.format(
                number=2, title="Pin versions", kind="PREV", other=10
            ),
            "docs/_mitigations/mi-10_watch-outputs.md": mitigation.format(
                number=10, title="Watch outputs", kind="DET", other=2
            ),
            "docs/_risks/ri-1_leaks.md": risk.format(number=1, title="Leaks"),
            "docs/_risks/ri-2_drift.md": risk.format(number=2, title="Drift"),
            **more,
        },
    )


def cosai(folder: Path) -> Path:
    return write(
        folder,
        {
            "LICENSE.md": APACHE,
            "risk-map/yaml/controls.yaml": """\
title: Controls
categories:
  - id: controlsModel
    title: Model controls
controls:
  - id: controlInputChecks
    title: Input checks
    description:
      - >
        Look at what comes in.
      - Then decide.
    category: controlsModel
    personas: [personaProvider]
    risks:
      - riskDataPoisoning
    mappings:
      mitre-atlas:
        - AML.M0015@5.0.1
      nist-ai-rmf:
        - MEASURE-2.7@1.0
  - id: controlRedTeaming
    title: Red teaming
    description: [Attack it yourself.]
    category: controlsModel
    risks: all
""",
            "risk-map/yaml/risks.yaml": """\
title: Risks
categories:
  - {id: risksSupply, title: Supply chain}
risks:
  - id: riskDataPoisoning
    title: Data poisoning
    shortDescription: [Bad data gets in.]
    longDescription: [Much longer.]
    category: risksSupply
    controls: [controlInputChecks]
    mappings:
      mitre-atlas: [AML.T0020@5.0.1, AML.T0010.002@5.0.1]
      stride: [Tampering]
  - id: riskRogueActions
    title: Rogue actions
    shortDescription: [It does what nobody asked for.]
    category: risksSupply
    controls: [controlInputChecks]
""",
        },
    )


def atlas(folder: Path) -> Path:
    return write(
        folder,
        {
            "LICENSE": "Licensed under the Apache License, Version 2.0 (the License)\n",
            "dist/ATLAS.yaml": """\
---
id: ATLAS
version: 9.1.0
matrices:
  - id: ATLAS
    techniques:
      - {id: AML.T0001, name: Not a mitigation}
    mitigations:
      - id: AML.M0004
        name: Limit the number of queries
        description: Nobody gets too many answers.
        object-type: mitigation
        techniques:
          - {id: AML.T0001, use: It slows the search.}
          - {id: AML.T0002.000, use: It makes copies dear.}
        category: [Technical - AI]
        ATT&CK-reference: {id: M1036, url: https://attack.example.org/M1036}
""",
        },
    )


def aisvs(folder: Path, version: str = "1.0") -> Path:
    return write(
        folder,
        {
            "LICENSE.md": CC_BY_SA,
            f"{version}/en/0x10-C02-Input.md": """\
# C2 Input

## C2.1 Injection

| # | Description | Level |
| :---: | --- | :---: |
| **2.1.1** | **Verify that** input is normalised. | 1 |
| **2.1.2** | **Verify that** a pipe \\| is kept. It must stay there when the text goes on for more than one sentence. | 2 |

| Other | Table |
| --- | --- |
| 1.2 | two numbers are no requirement |
""",
            f"{version}/en/0x90-Appendix.md": "| 9.9.9 | is not read | 1 |\n",
        },
    )


def library(copyright_text: str) -> str:
    return f"""\
urn: urn:example:library:small
ref_id: small
name: Small framework
copyright: {copyright_text}
version: 3
provider: A publisher
objects:
  threats:
    - {{urn: 'urn:example:threat:t1', ref_id: T1, name: Theft of weights}}
  framework:
    name: Small framework
    requirement_nodes:
      - urn: urn:example:node:a
        assessable: false
        depth: 1
        ref_id: A
        name: Access
      - urn: urn:example:node:a.1
        assessable: true
        depth: 2
        parent_urn: urn:example:node:a
        ref_id: A.1
        description: Two people open the store. Nobody opens it alone.
        threats: ['urn:example:threat:t1']
        typical_evidence: a log
        questions:
          'urn:example:question:1': {{type: text, text: Who opens it?}}
          'urn:example:question:2': {{type: text, text: When?}}
"""
