"""One file per interaction of FHIR R4: `(service, request) -> response`, without Flask."""
