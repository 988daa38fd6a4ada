"""Lines: the ways on which sound travels between a visitor and a seat."""


class LineError(Exception):
    """A line could not be made. `code` is one of the product's codes (docs/errors.md); `detail` is for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail
