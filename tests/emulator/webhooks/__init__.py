"""Deliveries to real receivers, on sockets of the loopback."""
