"""Copies of sources: documents as text with places, and where a fact's figure stands in them."""
