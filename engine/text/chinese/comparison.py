"""Chinese for the comparison of companies, by the English template."""

WORDS: dict[str, str] = {}
