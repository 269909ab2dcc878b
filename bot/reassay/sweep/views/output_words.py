"""Required outputs of a re-assessment, and the commitments that ask for them, in words of its issue."""

from reassay.assessment.joined import AskedOutput
from reassay.register.commitment import Commitment


def output_words(asked: AskedOutput) -> str:
    """What, for whom, of which age and asked for by which commitment."""
    output = asked.output
    age = f"with data at most {output.as_of.no_older_than.words()} old at {output.as_of.anchor}" if output.as_of else ""
    by = f"asked for by commitment {asked.asked_by}" if asked.asked_by else ""
    return ", ".join(filter(None, [output.what, f"for {output.to}" if output.to else "", age, by]))


def promised_words(commitment: Commitment) -> str:
    """The document of a commitment, and its subject as worded there."""
    where, about = commitment.source.words(), commitment.subject.in_words
    return f"{where}, about {about}" if about else where
