"""The kinds of sources, one module each: a new one is a file here with its READER, and a line in READERS."""

from reassay.register.signal_sources import SignalSource
from reassay.signals.source_readings import SourceReader

READERS: tuple[SourceReader[SignalSource], ...] = ()
