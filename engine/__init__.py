"""The engine: text, model, language, check, report, commands. It never prints."""
