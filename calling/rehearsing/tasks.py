"""What the worker does for rehearsals, added to what it does after calls: they are held with all that calls are."""

from calling.record import tasks
from calling.rehearsing import running

tasks.HANDLERS[running.TASK] = running.go_on
tasks.GIVEN_UP[running.TASK] = running.give_up
tasks.LEASES[running.TASK] = running.LEASE
