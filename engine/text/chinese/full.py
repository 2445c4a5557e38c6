"""Chinese for the report behind --all, by the English template."""

WORDS: dict[str, str] = {}
