"""Turns a Call into a Response: settings, requests, deadlines, retries, transport, files."""
