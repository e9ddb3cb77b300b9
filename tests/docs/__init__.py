"""What the README and the guides show is what happens."""
