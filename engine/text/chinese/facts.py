"""Chinese for the list of facts, by the English template."""

WORDS: dict[str, str] = {}
