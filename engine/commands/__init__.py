"""Commands: what each does, from options to an outcome. Nothing here prints or exits."""
