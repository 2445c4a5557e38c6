"""Readers: spreadsheets, tables and local copies of sources, as text and cells with places."""
