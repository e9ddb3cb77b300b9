"""Bodies of OpenAPI documents to files of models."""
