"""A documentation page to a model's file.

    bytes ─ decode ─▶ text ─ html ─▶ lines ─ tables ─▶ rows ─ parameters ─▶ Page ─ compose ─▶ YAML

`imported` does it all: `context` has the names that the spec knows, `family` tells which family a
page is of, and `endpoint`, `prose`, `price`, `outcome` and `examples` read what stands around the
table of parameters.

An idiom of pages, such as `up to 8` or `default 30`, is a line of `phrases.PHRASES`; what it says
of a parameter is the function of that name in `meanings`. Nothing is guessed: a sentence with a
number, a quotation or a rule in it that no phrase reads is left as it stands, for a person.
"""
