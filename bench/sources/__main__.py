"""`python -m bench sources`: the figures of figures.py."""

import asyncio

from bench.sources import figures

if __name__ == "__main__":
    asyncio.run(figures.main())
