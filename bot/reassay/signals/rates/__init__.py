"""Statistics of incident rates, from the standard library alone.

`evidence.py` is the evidence number of a stated ceiling, `walk.py` what it does over the decisions of a watch, `change.py` the
method for long intervals, `promise.py` a promise's own count, `accepted.py` how much a ceiling accepts, `garwood.py` an interval.
"""
