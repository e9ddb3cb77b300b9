"""What jobs make: pictures of their requests."""
