"""`python -m bench flows [SET …] [--errors] [--worst]`: conversations that collect something, as people really talk.

For each set: how many had the right data when they were played for the first time, and how many have now. The first
is the figure that counts; a set that was seen says only what holds. `--worst`: instead, what rules cost on bad texts.
"""

import argparse
import asyncio
import os

from bench.exam import data
from bench.exam.learn import models_dir
from bench.flows import play, worst


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[*play.FIRST_TRY, *play.UNMENDED])
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--worst", action="store_true")
    given = parser.parse_args()
    os.nice(5)
    if given.worst:
        print("\n| ms of processor time | rule | text of 1,000 characters |\n|---|---|---|")
        for cost, rule, text in worst.slowest()[:20]:
            print(f"| {cost:.1f} | {rule} | {text!r} … |")
        return
    meanings = {language: data.kept_meaning(language, models_dir()) for language in ("en", "de")}
    print("\n| set | language | n | at first try | now |\n|---|---|---|---|---|", flush=True)
    for name in given.names:
        content = play.read_set(name)
        played = await play.play_all(meanings, content)
        for language in ("en", "de"):
            own = [one for one in played if one.language == language]
            print(f"| {name} | {language} | {len(own)} | | {sum(one.right for one in own)} |", flush=True)
        right = sum(one.right for one in played)
        first = (play.FIRST_TRY | play.UNMENDED).get(name, "")
        print(f"| {name} | both | {len(played)} | {first} | {right} |", flush=True)
        for one in played:
            if given.errors and not one.right:
                print(one)
    for meaning in meanings.values():
        meaning.save()


if __name__ == "__main__":
    asyncio.run(main())
