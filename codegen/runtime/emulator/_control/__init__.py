"""What a test or a person asks of the server itself, beside the API that it serves."""
