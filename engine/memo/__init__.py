"""Memos: their prose with places, the claims in it, and whether the facts bear them out."""
