"""Reports: one module a format, all from the one evaluation."""
