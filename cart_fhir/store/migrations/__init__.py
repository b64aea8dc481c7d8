"""How the schema of `tables.py` came to be, step by step: one file for each step in `versions/`, run by alembic.

A new step: change `tables.py`, write `versions/NNNN_what.py` (copy the last one's head), raise `schema.HEAD`; the tests
hold that all steps together give the same schema as `tables.py`, on both databases.
"""
