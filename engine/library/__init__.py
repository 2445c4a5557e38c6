"""The library: what `from ddcheck import …` gives, built on the same rooms as the commands."""
