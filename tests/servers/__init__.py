"""Servers of raw sockets, on the loopback, for all tests and benches; `http1` is their one parser.

`scripted` does to each request what a test says, `tiny` is just enough for a batch, `canned` is as
fast as can be, and `silent` has those that give no answer.
"""
