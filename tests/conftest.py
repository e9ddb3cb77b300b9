"""Settings of all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A shared machine is slow at times, and a slow example is no failure.
settings.register_profile(
    "fluxframe", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("fluxframe")
