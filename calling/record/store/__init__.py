"""The only bridge between a live call and the database.

Whoever wants to call waits for an answer: `admissions` ask the database at once, or refuse. What a call notes waits for
nothing: `notes` go into the `journal`, and the `writer` brings them into the database in their order.
"""
