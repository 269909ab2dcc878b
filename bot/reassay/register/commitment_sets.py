"""Ready-made sets of commitments: frameworks, codes, statutes and standards as data, each with its source. Not legal advice."""

from dataclasses import dataclass
from typing import Final

NOT_ADVICE: Final = (
    "Not legal advice: each statement is in our words and may be wrong or out of date. Read the source, and have somebody "
    "who knows it adapt the set."
)
"""The sentence that stands beside every set."""


@dataclass(frozen=True, slots=True)
class CommitmentSet:
    """A set of commitments that can be added to a register."""

    name: str
    """Its name on the command line, and that of its file."""
    title: str
    """The document that it is about."""
    clocks: str
    """Its clocks, in one line."""
    how_read: str
    """What of the document was read to write it."""


_SUMMARIES: Final = "this project's list of public commitments, which are short summaries: second-hand"
SETS: Final = (
    CommitmentSet(
        "anthropic-rsp-2-2",
        "Anthropic, Responsible Scaling Policy 2.2",
        "1 year with two approvals; 4x effective compute or 6 months; a reasonable cadence, without a figure",
        _SUMMARIES,
    ),
    CommitmentSet(
        "anthropic-rsp-3-4",
        "Anthropic, Responsible Scaling Policy 3.4",
        "3 to 6 months; about 1 year; quarterly",
        _SUMMARIES,
    ),
    CommitmentSet(
        "california-sb-53",
        "California, Transparency in Frontier Artificial Intelligence Act (SB 53)",
        "15 days, 24 hours if a danger is imminent; yearly review, 30 days to publish, every three months",
        "a copy of the chaptered bill",
    ),
    CommitmentSet(
        "eu-ai-act-73",
        "EU AI Act, Article 73",
        "2, 10 or 15 days by kind of harm",
        "quotations of paragraphs 2 to 4: second-hand",
    ),
    CommitmentSet(
        "eu-code-of-practice",
        "EU Code of Practice for general-purpose AI models, Safety and Security",
        "2, 5, 10 or 15 days by kind of harm, every four weeks, 60 days after resolution; 5 business days; 6 and 12 months",
        "a copy of the whole chapter",
    ),
    CommitmentSet(
        "google-deepmind-fsf",
        "Google DeepMind, Frontier Safety Framework 3.1",
        "on a meaningful new capability, in two steps; yearly",
        _SUMMARIES,
    ),
    CommitmentSet(
        "iso-iec-42001",
        "ISO/IEC 42001:2023, clauses 8.2 and 8.4",
        "planned intervals, without a figure; before significant changes",
        "quotations of the clauses: second-hand",
    ),
    CommitmentSet(
        "new-york-raise",
        "New York, Responsible AI Safety and Education Act (RAISE), in force 1 Jan 2027",
        "72 hours from determining or learning, 24 hours; every three months, yearly, 30 days, two years, five years kept",
        "copies of sections 1422 and 1428; section 1421 second-hand",
    ),
    CommitmentSet(
        "nist-ai-rmf",
        "NIST AI Risk Management Framework 1.0, GOVERN 1.5",
        "a frequency that the organisation determines, without a figure",
        "copies of the subcategory's text",
    ),
    CommitmentSet(
        "openai-preparedness",
        "OpenAI, Preparedness Framework 2",
        "on a significant change of deployment conditions; on evidence that safeguards do not work",
        _SUMMARIES,
    ),
)
"""In alphabetical order."""
BY_NAME: Final = {own.name: own for own in SETS}
"""The sets by name."""
