"""`check` of a register beside check-jsonschema over the same files with this program's own schema: processor time."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import PRODUCT, Row, processor_seconds, quickest, repository

PEER = "check-jsonschema==0.33.2"


def peer(folder: Path) -> Path:
    """check-jsonschema in an environment of its own, which is thrown away with the folder."""
    environment = folder / "peer"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True)
    pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet", PEER]
    subprocess.run(pip, check=True, capture_output=True)
    return environment / "bin" / "check-jsonschema"


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """One for the middle size."""
    count = sizes[len(sizes) // 2]
    place = repository(folder, count)
    schema = folder / "schema.json"
    text = subprocess.run([*PRODUCT, "schema", "mitigation"], check=True, capture_output=True, text=True).stdout
    schema.write_text(json.dumps(json.loads(text)), encoding="utf-8")
    program, files = str(peer(folder)), [str(file) for file in sorted(place.glob("framework/mitigations/*.yml"))]
    validating = [program, "--schemafile", str(schema), *files]
    processor_seconds(validating)  # fails where the schema does not fit, so that both sides do the whole work
    times = quickest({"ours": [*PRODUCT, "check", str(place)], "peer": validating})
    return [
        Row(
            f"check, {count:,} mitigations",
            f"{times['peer'] / times['ours']:.1f} x faster ({times['ours']:.2f} s / {times['peer']:.2f} s)",
            "check-jsonschema, same files and schema",
            ">= 8 x faster",
        )
    ]
