"""Reading a log of Inspect into counts beside Inspect's own loader: processor time, in an environment of its own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import ROOT, Row, quickest

PEER = "inspect-ai==0.3.285"
LOG = ROOT / "tests" / "fixtures" / "results" / "inspect" / "placeholders-0.3.285-zstd.eval"
OURS = """
import sys
from pathlib import Path
from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result
from reassay.evidence.readers.base import ResultOptions
read_result(result_file(Path(sys.argv[1])), ResultOptions())
"""
THEIRS = """
import sys
from inspect_ai.log import read_eval_log
read_eval_log(sys.argv[1])
"""
LARGER = """
import sys
from inspect_ai.log import read_eval_log, write_eval_log
log = read_eval_log(sys.argv[1])
samples = [sample for sample in log.samples if sample.error is None]
log.samples = [
    samples[n % len(samples)].model_copy(update={"id": f"s{n}", "epoch": 1}) for n in range(int(sys.argv[3]))
]
log.results.total_samples = len(log.samples)
write_eval_log(log, sys.argv[2])
"""


def peer(folder: Path) -> str:
    """Python with Inspect in an environment of its own, which is thrown away with the folder."""
    environment = folder / "inspect"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True)
    python = str(environment / "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True, capture_output=True)
    return python


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """One for a log with ten samples for each mitigation of the largest size, which Inspect itself has written."""
    python, count, log = peer(folder), 10 * sizes[-1], str(folder / "large.eval")
    subprocess.run([python, "-c", LARGER, str(LOG), log, str(count)], check=True, capture_output=True)
    ours, theirs = [sys.executable, "-c", OURS, log], [python, "-c", THEIRS, log]
    times = quickest({"ours": ours, "peer": theirs})
    return [
        Row(
            f"counts of a log of {count:,} samples",
            f"{times['peer'] / times['ours']:.1f} x faster ({times['ours']:.2f} s / {times['peer']:.2f} s)",
            "read_eval_log of inspect-ai, same log",
            ">= 5 x faster",
        )
    ]
