"""A pytest plug-in: the fixture `assert_conforms(resource, profile=None)`, for the tests of those who make FHIR.

Installed with the package (entry point `pytest11`); definitions come from the ini option `fhir_definitions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cart_fhir.validator import Validator

Conforms = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `fhir_definitions`: packages and definition files to know besides R4 and the guide, one a line."""
    parser.addini(
        "fhir_definitions", "FHIR packages and definition files that assert_conforms knows", type="paths", default=[]
    )


@pytest.fixture(scope="session")
def fhir_validator(pytestconfig: pytest.Config) -> Validator:
    """The validator that `assert_conforms` asks, with the definitions of the ini option."""
    from cart_fhir.validator import Validator

    return Validator(pytestconfig.getini("fhir_definitions"))


@pytest.fixture
def assert_conforms(fhir_validator: Validator) -> Conforms:
    """A function that fails the test, with every finding in its message, unless a resource conforms.

    `assert_conforms(resource, profile=None)`: a dict, text or Path; warnings do not fail.
    """

    def check(resource: Any, profile: str | None = None) -> None:
        __tracebackhide__ = True
        errors = [issue for issue in fhir_validator.validate(resource, profile) if issue.is_error]
        if errors:
            lines = [f"{issue.expression}: {issue.text} [{issue.rule}]" for issue in errors]
            pytest.fail("The resource does not conform:\n  " + "\n  ".join(lines), pytrace=False)

    return check
