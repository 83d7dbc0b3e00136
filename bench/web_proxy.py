#!/usr/bin/env python3
"""Pages through nginx while slow clients hang on it: web_proxy.py [--people 20] [--slow 300] [--seconds 15].

nginx is started with deploy/nginx.conf, the service behind it on a Unix socket, over an empty file. Each person asks for a
public page a second over TLS, by keep-alive; first alone, then beside the slow clients: one half sends the head of a request,
the other half a form, a byte a second each. Each has an address of its own, because the limits are for each. Printed: median,
99th percentile and worst time, and how many slow clients were still connected at the end. SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import asyncio
import pathlib
import ssl
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from test_deploy import NAME, Place  # noqa: E402
from web import quantile  # noqa: E402

PAGES = ["/", "/findings", "/how-figures-are-made", "/privacy"]


def address(number):
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


async def connect(place, number):
    context = ssl.create_default_context(cafile=place.home / "fullchain.pem")
    return await asyncio.open_connection("127.0.0.1", place.secure, ssl=context, server_hostname=NAME,
                                         local_addr=(address(number), 0))


async def slow(place, number, until):
    """True when the connection is still there at the end."""
    reader, writer = await connect(place, 1000 + number)
    head = f"POST /sign-out HTTP/1.1\r\nHost: {NAME}\r\n"
    writer.write((head + ("X-Slow: " if number % 2 else "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: 50000\r\n\r\n")).encode())
    try:
        while time.perf_counter() < until:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(1)
    except OSError:
        return False
    is_there = not reader.at_eof()
    writer.close()
    return is_there


async def person(place, number, until, times):
    reader, writer = await connect(place, number)
    at = time.perf_counter() + (number * 0.618) % 1
    turn = number
    while at < until:
        await asyncio.sleep(max(0, at - time.perf_counter()))
        begun = time.perf_counter()
        writer.write(f"GET {PAGES[turn % len(PAGES)]} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if "content-length: " in head:
            await reader.readexactly(int(head.split("content-length: ")[1].split()[0]))
        else:
            await reader.readuntil(b"0\r\n\r\n")
        times.append(((time.perf_counter() - begun) * 1000, int(head.split()[1])))
        turn += 1
        at += 1
    writer.close()


async def measure(place, people, hanging, seconds):
    until, times = time.perf_counter() + seconds, []
    ends = [asyncio.create_task(slow(place, i, until)) for i in range(hanging)]
    await asyncio.gather(*(person(place, i, until, times) for i in range(people)))
    left = sum(await asyncio.gather(*ends))
    spent = [ms for ms, _ in times]
    bad = sum(status != 200 for _, status in times)
    print(f"  {people} people beside {hanging:3} slow clients ({left} left at the end): {len(spent)} pages, {bad} not answered, "
          f"median {quantile(spent, .5):.2f}, 99th {quantile(spent, .99):.2f}, worst {max(spent):.2f} ms")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--people", type=int, default=20)
    words.add_argument("--slow", type=int, default=300)
    words.add_argument("--seconds", type=float, default=15)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(pathlib.Path(folder).resolve())
        try:
            print("\nthrough nginx, over TLS")
            for hanging in (0, given.slow):
                asyncio.run(measure(place, given.people, hanging, given.seconds))
        finally:
            place.close()


if __name__ == "__main__":
    main()
