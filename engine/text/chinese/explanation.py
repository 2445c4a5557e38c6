"""Chinese for the explanation of a metric or rule, by the English template."""

WORDS: dict[str, str] = {}
