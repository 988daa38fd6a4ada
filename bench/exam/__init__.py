"""The exam of the agent's mind: businesses of many trades, questions about each, and what was right."""
