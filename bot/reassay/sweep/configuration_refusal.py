"""A run that knows no rules: the configuration cannot be read, and no earlier one is known. Checks fail and say so."""

from collections.abc import Iterator

from reassay.assessment.schedule.queue import scheduled
from reassay.common.errors import LimitError, ReassayError
from reassay.github.repository_state import Repository
from reassay.sweep.input import SweepInput
from reassay.sweep.interpreters import DryRun, Interpreter, Writer
from reassay.sweep.options import Options
from reassay.sweep.report import Report, SweepFailure
from reassay.sweep.run_context import RunContext
from reassay.sweep.unreadable import unreadable
from reassay.sweep.verdict_publication import publications


def publishes_errors(inputs: SweepInput) -> bool:
    """Whether a run without rules may publish checks: in a private repository, where no setting is needed for that."""
    repository: Repository = inputs.repository_state.repository
    is_open = repository.is_private and not repository.is_archived
    return is_open and not inputs.assessment_input.register.has_rules


def unruled_report(context: RunContext, inputs: SweepInput, options: Options, writer: Writer, silent: str) -> Report:
    """Publishes the failing checks, and nothing else. Doing it twice writes once."""
    interpreter: Interpreter = DryRun(writer.progress, writer.done) if options.dry_run else writer
    problems = tuple(_published(inputs, interpreter))
    return Report(
        repository=context.repository,
        done=tuple(interpreter.done),
        problems=problems,
        notes=(silent,),
        unreadable=unreadable(inputs),
        cells=scheduled(inputs.assessment_input),
        content=inputs.content,
        assessment_input=inputs.assessment_input,
        dry_run=options.dry_run,
    )


def _published(inputs: SweepInput, interpreter: Interpreter) -> Iterator[SweepFailure]:
    for what, publish in publications(inputs):
        try:
            interpreter.publish(publish)
        except LimitError as limit:
            yield SweepFailure.of("limit", limit)
            return
        except ReassayError as failure:
            yield SweepFailure.of(what, failure)
