"""The only bridge between a live call and the database.

One thread does all of it, in order, so a turn never overtakes the call it belongs to, and the event loop never waits.
Notes are queued and written behind the call's back; admissions and endings are awaited.
"""
