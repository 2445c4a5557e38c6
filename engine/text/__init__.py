"""Text with places: sources, YAML nodes, quantities, diagnostics. Knows nothing of companies."""
