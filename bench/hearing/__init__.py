"""Hearing in noise: what is made out of callers' sentences, and what becomes of it in the agent's mind."""
