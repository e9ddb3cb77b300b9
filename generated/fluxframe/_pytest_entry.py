# A copy of codegen/runtime/_pytest_entry.py, where it is edited.
"""What pytest loads of the package by itself: fixtures, options, and with one of them the plugin that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options, and the plugin that has the fixtures."""
    from .testing import pytest_plugin

    pluginmanager.register(pytest_plugin, pytest_plugin.__name__)
    group = parser.getgroup("fluxframe", "does a server keep the documents of its API? (fluxframe)")
    group.addoption(
        "--fluxframe-base-url",
        metavar="URL",
        help="test the server there, with a test for each vector; the key is in the variable of the API",
    )
    group.addoption(
        "--fluxframe-max-credits",
        type=int,
        default=0,
        metavar="N",
        help="what that may cost; with 0, only what the server should refuse is sent (%(default)s)",
    )
    group.addoption(
        "--fluxframe-model",
        action="append",
        default=[],
        metavar="ID",
        help="test this model; all by default. Repeat the flag for more",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the plugin, if there is a server to test."""
    if config.getoption("--fluxframe-base-url") is None:
        return
    try:
        from .conformance.pytest_plugin import plugin_of
    except ModuleNotFoundError as error:
        import pytest

        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(plugin_of(config), "fluxframe-conformance")
