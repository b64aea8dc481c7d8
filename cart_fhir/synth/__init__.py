"""Seeded synthetic journeys of CAR-T in autoimmune disease, as facts, as FHIR and as hospital exports.

Nothing here describes a real patient: ages, scores, doses and courses are invented, regimens are the published ones.
"""

from __future__ import annotations

from cart_fhir.synth.journey import CENTRES, journeys
from cart_fhir.synth.model import Centre, Journey
from cart_fhir.synth.writers import KINDS, write

__all__ = ["CENTRES", "KINDS", "Centre", "Journey", "journeys", "write"]
