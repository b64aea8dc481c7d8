"""Pages for people: totals, cohort, patient journey, validate, guide; HTML over the server's services."""
