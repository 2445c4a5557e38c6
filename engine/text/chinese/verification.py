"""Chinese for the check of facts against their sources, by the English template."""

WORDS: dict[str, str] = {}
