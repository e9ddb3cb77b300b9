"""The pictures of the README, made by running what they show: `python -m tests.showcase`."""
