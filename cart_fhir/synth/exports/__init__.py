"""Hospital exports of synthetic journeys: one module per centre or format, all from the same facts."""
