"""What a person sees of the server: its jobs, pictures and requests, as they come."""
