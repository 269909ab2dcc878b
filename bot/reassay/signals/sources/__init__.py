"""The kinds of sources, one module each: a new one is a file here with its READER, and a line in READERS."""

from reassay.register.signal_sources import SignalSource
from reassay.signals.source_readings import SourceReader
from reassay.signals.sources import (
    ai_incident_database,
    alertmanager,
    atlas,
    avid,
    cisa_kev,
    dispatch,
    github_advisories,
    json_feed,
    labelled_issues,
    osv,
    pagerduty,
    prometheus,
    repository_file,
    statuspage,
)

READERS: tuple[SourceReader[SignalSource], ...] = (
    labelled_issues.READER,
    repository_file.READER,
    dispatch.READER,
    json_feed.READER,
    prometheus.READER,
    alertmanager.READER,
    pagerduty.READER,
    statuspage.READER,
    github_advisories.READER,
    osv.READER,
    cisa_kev.READER,
    atlas.READER,
    avid.READER,
    ai_incident_database.READER,
)
