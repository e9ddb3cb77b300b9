"""The steps from pages in Markdown to a checked site."""
