"""Chinese for the first screen and its head, by the English template."""

WORDS: dict[str, str] = {}
