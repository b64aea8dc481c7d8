"""Plug-ins: found by name, and a package that cannot be loaded is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir import plugins
from cart_fhir.errors import ConfigError
from cart_fhir.mappers.readers import delimited


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a reader whose package, installed here for the test, fails when it is imported."""
    info = tmp_path / "ward_reader-3.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ward-reader\nVersion: 3.1\n")
    (info / "entry_points.txt").write_text("[cart_fhir.readers]\nward = ward_reader:read\n")
    (tmp_path / "ward_reader.py").write_text("raise KeyError('no such ward')")
    monkeypatch.syspath_prepend(tmp_path)
    return "ward"


def test_what_is_installed_is_found() -> None:
    assert plugins.load("cart_fhir.readers", "csv") is delimited.read
    assert plugins.load("cart_fhir.readers", "nonsense") is None
    assert {"sqlite", "postgresql", "https"} <= set(plugins.names("cart_fhir.stores"))


def test_a_package_that_cannot_be_loaded_is_named(broken: str) -> None:
    with pytest.raises(ConfigError, match=r"'ward' of ward-reader==3\.1 .* KeyError: 'no such ward'"):
        plugins.load("cart_fhir.readers", broken)
