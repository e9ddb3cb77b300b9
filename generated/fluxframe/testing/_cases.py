# A copy of codegen/runtime/testing/_cases.py, where it is edited.
"""The emulator in tests of unittest."""

from __future__ import annotations

import unittest
from collections.abc import Mapping
from typing import Any, ClassVar

from ._namespace import Namespace
from ._servers import emulated


class EmulatorMixin(unittest.TestCase):
    """Provides `self.emulator` to each test of a class; combine it with any TestCase, such as an async one."""

    # What `Emulator` takes.
    emulator_options: ClassVar[Mapping[str, Any]] = {}
    emulator: Namespace

    def setUp(self) -> None:
        """Begin a namespace, which ends after the test."""
        super().setUp()
        self.emulator = self.enterContext(emulated(**self.emulator_options))


class EmulatorTestCase(EmulatorMixin):
    """A TestCase whose tests have `self.emulator`."""
