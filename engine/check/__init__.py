"""Applying a plan to a company: compiling, judging, grading, asking."""
