"""Chinese for the list of questions for the company, by the English template."""

WORDS: dict[str, str] = {}
