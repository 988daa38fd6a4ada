"""What was given in an address or a form, read so that nothing anybody can send makes a page fall over."""

DIGITS_MOST = 9  # what every database takes for the number of a row


def number(text: object) -> int | None:
    """A whole number in plain digits; None for anything else. To Python "²" is a digit, too, and int() raises."""
    plain = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST
    return int(str(text)) if plain else None
