"""The parts of tools/lint and tools/layer-check."""
