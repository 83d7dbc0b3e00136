"""Pictures of the service for the README and the guide: docs/images/*.png, from the demo of `./dev demo`.

screenshots.py [FOLDER]: writes into FOLDER instead. The demo's file is copied; accounts of it are not used.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from test_browser import CHROMIUM, HERE, missing
from harness import ROOT
from service import Person, Service, add_people, enter_all, token_of

DEMO = ROOT / "demo" / "borough.reeve"
# name, who, address, width, height; {finding} is the first finding that holds, {released} one that was let out with its table
PICTURES = (
    ("workbench", "analyst", "/workbench", 1000, 940),
    ("finding", "analyst", "/workbench/findings/{finding}", 1000, 1000),
    ("public", None, "/findings/{released}", 1000, 2000),
    ("map", "analyst", "/workbench/map?rows=ward&profile=under-25&area=E09000016&period=2022&hour-from=15&hour-to=19", 1000, 2000),
    ("explore", "analyst", "/workbench/explore?kind=offences&profile=under-25&rows=hour&columns=weekday&period=2022&area=E09000016", 1000, 1250),
)


def release_one(analyst, listed):
    """The first finding that may go out with a table of areas, released."""
    for path in ("/workbench/findings/" + f["id"] for f in listed if f["id"].endswith(".all.rank")):
        seen = json.loads(analyst.get(path, Accept="application/json").text)
        if seen["may-release-table"]:
            form = {"csrf": token_of(analyst.get(path)), "read": seen["read"], "decision": "release"}
            assert analyst.post(path, form).status == 303
            return seen["id"]
    raise SystemExit("no finding of the demo may be released with its table")


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    if missing() or not DEMO.exists():
        raise SystemExit(missing() or "run ./dev demo first: its file is what the pictures show")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reeve-pictures-") as home:
        file = pathlib.Path(home) / "borough.reeve"
        shutil.copy(DEMO, file)
        shutil.copy(f"{DEMO}-key", f"{file}-key")
        add_people(file)
        with Service(file) as service:
            people = enter_all(service) | {None: Person(service)}
            listed = json.loads(people["analyst"].get("/workbench/findings", Accept="application/json").text)["findings"]
            finding = next(f["id"] for f in listed if f["verdict"] == "holds")
            released = release_one(people["analyst"], listed)
            wanted = [{"file": str(folder / f"{name}.png"), "cookie": people[who].cookie or "", "width": width, "height": height,
                       "address": f"http://127.0.0.1:{service.port}" + address.format(finding=finding, released=released)}
                      for name, who, address, width, height in PICTURES]
            subprocess.run(["node", HERE / "screenshots.mjs", CHROMIUM, json.dumps(wanted)], check=True)
    for picture in wanted:
        print(picture["file"])


if __name__ == "__main__":
    main()
