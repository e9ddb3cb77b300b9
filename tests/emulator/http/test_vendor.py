"""Every answer that a request can provoke is one that the vendor's document has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract

from ...decisions import wire_models
from .raw import KEY, REQUEST, Answer, ask, head, post
from .test_uploads import TAKEN, upload
from .vendor_schemas import ANSWERS, ERROR

NOBODY = "00000000-0000-4000-8000-000000000000"
