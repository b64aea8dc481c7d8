"""Pages for people: totals, cohort, patient journey, check, guide; HTML over the server's own interactions."""

from cart_fhir.web.extension import Pages

__all__ = ["Pages"]
