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
from harness import ROOT, must
from service import Person, Service
from test_user import PASSWORD

DEMO = ROOT / "demo" / "borough.reeve"
# name, who, address, width, height; {finding} is the first finding that holds
PICTURES = (
    ("workbench", "analyst", "/workbench", 1000, 940),
    ("finding", "analyst", "/workbench/findings/{finding}", 1000, 1000),
    ("explore", "analyst", "/workbench/explore?kind=offences&profile=under-25&rows=hour&columns=weekday&period=2022&area=E09000016", 1000, 1250),
)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    if missing() or not DEMO.exists():
        raise SystemExit(missing() or "run ./dev demo first: its file is what the pictures show")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reeve-pictures-") as home:
        file = pathlib.Path(home) / "borough.reeve"
        shutil.copy(DEMO, file)
        shutil.copy(f"{DEMO}-key", f"{file}-key")
        (file.parent / "password").write_text(PASSWORD + "\n")
        for role in ("analyst", "administrator"):
            must("user", file, "add", f"{role}@borough.example", "--role", role, "--no-codes",
                 "--password-file", file.parent / "password")
        with Service(file) as service:
            people = {None: Person(service)}
            for role in ("analyst", "administrator"):
                people[role] = Person(service)
                assert people[role].post("/sign-in", {"name": f"{role}@borough.example", "password": PASSWORD}).status == 303
            listed = json.loads(people["analyst"].get("/workbench/findings", Accept="application/json").text)["findings"]
            finding = next(f["id"] for f in listed if f["verdict"] == "holds")
            wanted = [{"file": str(folder / f"{name}.png"), "cookie": people[who].cookie or "", "width": width, "height": height,
                       "address": f"http://127.0.0.1:{service.port}" + address.format(finding=finding)}
                      for name, who, address, width, height in PICTURES]
            subprocess.run(["node", HERE / "screenshots.mjs", CHROMIUM, json.dumps(wanted)], check=True)
    for picture in wanted:
        print(picture["file"])


if __name__ == "__main__":
    main()
