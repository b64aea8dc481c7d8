"""What the validator's tests share: a registry with the test definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.definitions import Registry
from cart_fhir.validator import Validator

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def validator() -> Validator:
    """A validator that knows R4 and tests/validator/definitions."""
    registry = Registry(guide=False)
    for path in sorted((HERE / "definitions").glob("*.yaml")):
        made: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        registry.add(made)
    return Validator(registry=registry)
