"""The guided tours of the demo, in the order in which the page offers them."""

from typing import Final

from reassay_sandbox.demo.tours import evidence_tour, incident_tour, modality_tour, tamper_tour, typo_tour
from reassay_sandbox.demo.tours.tour_step import Checks, SuggestedComment, Tour, TourStep

TOURS: Final[tuple[Tour, ...]] = (
    evidence_tour.TOUR,
    modality_tour.TOUR,
    incident_tour.TOUR,
    typo_tour.TOUR,
    tamper_tour.TOUR,
)

__all__ = ["TOURS", "Checks", "SuggestedComment", "Tour", "TourStep"]
