"""A documentation page to a model's file."""
