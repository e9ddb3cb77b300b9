"""A Call to a Response: settings, requests, deadlines, retries, attempts, transport, files."""
