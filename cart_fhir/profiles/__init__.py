"""What the clinic says: the built guide (`data/`), and the clinical arithmetic that belongs to it, a theme a module.

Pure functions on plain values: `activity` (scores), `adverse_event` and `cytopenia` (grades), `dose`, `plausible`,
`regimen`, `kinetics`, `response`, `study_day`. On resources: `fill` adds what a profile fixes, `elements` makes the
small parts, `totals`, `remission` and `derived` compute what follows from what was reported, `typed` offers the
profiles as classes. `canonical` names the guide.
"""
