#!/usr/bin/env python3
"""The web service under many people: web.py FILE IMPORT_CSV… [--people 50] [--seconds 30].

FILE is a partnership file with an assessment; it is copied. Each person asks for one page a second, by keep-alive, the
pages in turn; once while nothing else happens and once as long as another process imports IMPORT_CSV. Printed: median,
99th percentile and worst time of each page and of the writes, and the most memory that the service had. Times are those
of the client, an event loop in Python, which shares the processors. SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import asyncio
import http.client
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from harness import REEVE  # noqa: E402
from service import Person, Service  # noqa: E402

PASSWORD = "three unlikely words"
NAME = "analyst@bench.example"
PUBLIC = ["/", "/findings", "/how-figures-are-made"]
GOALS = {"read": "median 5 ms, 99th 25 ms", "write": "under 200 ms"}


class Client:
    """One person's connection."""

    def __init__(self, port, cookie):
        self.port, self.cookie = port, cookie
        self.reader = self.writer = None

    async def ask(self, method, path, form=None):
        """Milliseconds until the whole answer is there, and its status."""
        body = urllib.parse.urlencode(form).encode() if form else b""
        head = (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
                + (f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if form else "")
                + "\r\n")
        begun = time.perf_counter()
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(head.encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?im)^content-length: (\d+)", answer)
        text = await self.reader.readexactly(int(length[1])) if length else b""
        spent = (time.perf_counter() - begun) * 1000
        if re.search(r"(?im)^connection: close", answer):
            self.writer.close()
            self.writer = None
        return spent, int(answer.split()[1]), text


async def person(client, number, pages, goes_on, times):
    """One page a second, begun at a moment of one's own."""
    at = time.perf_counter() + (number * 0.618) % 1
    turn = number
    while goes_on():
        await asyncio.sleep(max(0, at - time.perf_counter()))
        page = pages[turn % len(pages)]
        spent, status, _ = await client.ask("GET", page)
        times.setdefault(page, []).append((spent, status))
        turn += 1
        at += 1


async def writer(client, finding, goes_on, times):
    """Somebody who decides about a finding every two seconds."""
    while goes_on():
        _, _, text = await client.ask("GET", finding)
        page = text.decode()
        form = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("csrf", "read")}
        spent, status, _ = await client.ask("POST", finding, {**form, "decision": "withhold", "note": "measured"})
        times.setdefault("(write) withhold a finding", []).append((spent, status))
        await asyncio.sleep(2)


async def crowd(port, cookie, people, goes_on, pages, finding):
    times = {}
    await asyncio.gather(*(person(Client(port, cookie), i, pages, goes_on, times) for i in range(people)),
                         writer(Client(port, cookie), finding, goes_on, times))
    return times


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


def tell(title, times):
    print(f"\n{title}")
    reads = []
    for page, seen in sorted(times.items()):
        bad = {status for _, status in seen if status not in (200, 303)}
        spent = [s for s, _ in seen]
        if not page.startswith("("):
            reads += spent
        print(f"  {page[:66]:<66} {len(seen):5}  median {quantile(spent, .5):7.2f}  99th {quantile(spent, .99):7.2f}  "
              f"worst {max(spent):7.2f} ms{'   NOT ALL ANSWERED: ' + str(bad) if bad else ''}")
    print(f"  {'all reads':<66} {len(reads):5}  median {quantile(reads, .5):7.2f}  99th {quantile(reads, .99):7.2f}  "
          f"worst {max(reads):7.2f} ms   [goal: {GOALS['read']}; writes {GOALS['write']}]")


def memory(process):
    """Most and present memory of a process, MB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return [int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmHWM", "VmRSS")]


def forget_most(process):
    """From now on the most memory is counted anew: a sign-in takes 19 MiB for a moment, by design of Argon2."""
    pathlib.Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def send_large(service, analyst, megabytes):
    """Seconds that a file of a layout of nobody's takes to arrive, and what the service grew by."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', analyst.get("/workbench/data/upload").text)[1]
    head = (f'--edge\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n--edge\r\nContent-Disposition: form-data; '
            'name="file"; filename="large.csv"\r\nContent-Type: text/csv\r\n\r\nRef,When,Sort\n').encode()
    piece, foot = b"r1,2022-01-01,Robbery\n" * 50000, b"\r\n--edge--\r\n"
    count = int(megabytes * 1e6 / len(piece))
    forget_most(service.process)
    before, begun = memory(service.process)[1], time.perf_counter()
    link = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
    link.putrequest("POST", "/workbench/data/upload")
    for name, value in (("Cookie", analyst.cookie), ("Content-Type", "multipart/form-data; boundary=edge"),
                        ("Content-Length", len(head) + count * len(piece) + len(foot))):
        link.putheader(name, value)
    link.endheaders(head)
    for _ in range(count):
        link.send(piece)
    link.send(foot)
    status = link.getresponse().status
    spent, after = time.perf_counter() - begun, memory(service.process)[0]
    print(f"\n  {count * len(piece) / 1e6:.0f} MB sent: answered {status} after {spent:.1f} s; memory of the service {before:.0f} MB "
          f"before, at most {after:.0f} MB meanwhile   [goal: under 32 MB]")


def pages_of(file):
    """The pages that are asked for, as far as this service has them: public ones and the analyst's."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        finding = db.execute("SELECT id FROM finding WHERE id LIKE '%.total' ORDER BY id LIMIT 1").fetchone()[0]
    one = f"/workbench/findings/{finding}"
    return one, [*PUBLIC, "/workbench", "/workbench/findings", one, "/workbench/data", "/workbench/data/coverage", "/workbench/jobs",
                 "/workbench/definition"]


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("file", type=pathlib.Path)
    words.add_argument("imported", nargs="+", type=pathlib.Path)
    words.add_argument("--people", type=int, default=50)
    words.add_argument("--seconds", type=float, default=30)
    words.add_argument("--page", action="append", default=[], help="a further page to ask for")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "borough.reeve"
        shutil.copy(given.file, file)
        key = pathlib.Path(f"{given.file}-key")
        if key.exists():
            shutil.copy(key, f"{file}-key")
        (file.parent / "password").write_text(PASSWORD + "\n")
        subprocess.run([REEVE, "user", file, "add", NAME, "--role", "analyst", "--no-codes", "--password-file",
                        file.parent / "password"], check=True, stdout=subprocess.DEVNULL)
        finding, pages = pages_of(file)
        pages += given.page
        with Service(file) as service:
            analyst = Person(service)
            if analyst.post("/sign-in", {"name": NAME, "password": PASSWORD}).status != 303:
                raise SystemExit("the analyst is not let in")
            send_large(service, analyst, 500)
            ask = lambda goes_on: asyncio.run(  # noqa: E731
                crowd(service.port, analyst.cookie, given.people, goes_on, pages, finding))
            end = time.perf_counter() + given.seconds
            tell(f"{given.people} people, a page a second each, nothing else at work", ask(lambda: time.perf_counter() < end))
            begun = time.perf_counter()
            importing = subprocess.Popen([REEVE, "import", file, *given.imported], stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
            times = ask(lambda: importing.poll() is None)
            size = sum(path.stat().st_size for path in given.imported) / 1e6
            tell(f"the same while {size:.0f} MB are imported, which took {time.perf_counter() - begun:.0f} s", times)
            print("\n  memory of the service: at most {:.0f} MB, now {:.0f} MB".format(*memory(service.process)))


if __name__ == "__main__":
    main()
