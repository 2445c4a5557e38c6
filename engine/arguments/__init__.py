"""Arguments: the options of each command, read by click. Each command gives an outcome."""
