"""Teaches the encoders of meaning how people ask for what a business answers. See __main__."""
