"""What the OpenAPI document says: the requests that it allows, and the answers that it promises."""
