"""System checks: what is set up in a way that will disappoint, with ids and hints."""
