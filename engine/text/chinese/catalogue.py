"""Chinese for the catalogue of rules, by the English template."""

WORDS: dict[str, str] = {}
