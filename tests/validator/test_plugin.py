"""The pytest plug-in: a resource that conforms passes, one that does not fails with its findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def test_what_conforms_passes(assert_conforms: Callable[..., None]) -> None:
    assert_conforms({"resourceType": "Patient", "active": True})


def test_what_does_not_fails_with_its_findings(assert_conforms: Callable[..., None]) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"Patient\.active: .*\[format\]"):
        assert_conforms({"resourceType": "Patient", "active": "true"})
