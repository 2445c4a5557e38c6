"""Chinese for why something is missing, open or chosen, by the English template."""

WORDS: dict[str, str] = {}
