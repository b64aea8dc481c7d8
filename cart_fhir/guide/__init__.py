"""Whether the implementation guide keeps its own rules. In: the built guide, and its sources where they are at hand.

Out: what breaks a rule, for `cart-fhir guide check`; the built guide itself is in `cart_fhir.profiles`.
"""
