#!/usr/bin/env python3
"""The service itself: what it answers, what it refuses, how it starts and stops.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from harness import REEVE, must, run
from service import Person, Service

PUBLIC = ["/", "/findings", "/how-figures-are-made", "/accessibility", "/privacy", "/sign-in", "/methods/wilson"]


def setUpModule():
    global folder, file
    folder = tempfile.TemporaryDirectory()
    file = pathlib.Path(folder.name) / "borough.reeve"
    must("new", file, "--title", "Synthetic <partnership> & friends", "--synthetic")


def tearDownModule():
    folder.cleanup()


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(file)
        cls.person = Person(cls.service)

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__(None, None, None)

    def test_public_pages(self):
        for path in PUBLIC:
            answer = self.person.get(path)
            self.assertEqual(answer.status, 200, path)
            self.assertIn("Synthetic &lt;partnership&gt; &amp; friends", answer.text)
            self.assertNotIn("<partnership>", answer.text)
            self.assertIn("Synthetic data.", answer.text)
            self.assertIsNone(answer.getheader("Set-Cookie"))

    def test_every_answer_is_safe(self):
        for path in [*PUBLIC, "/health", "/not-there", "/workbench", "/%zz"]:
            answer = self.person.get(path)
            policy = answer.getheader("Content-Security-Policy")
            self.assertIn("default-src 'none'", policy, path)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
            self.assertNotIn("<script>", answer.text)
            self.assertNotRegex(answer.text, r"\sstyle=|\son\w+=|javascript:")
            for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
                self.assertRegex(address, r"^(/|#|data:,|https://www\.equalityadvisoryservice\.com/)", path)

    def test_assets(self):
        page = self.person.get("/").text
        for address in re.findall(r'"(/assets/[^"]+)"', page):
            answer = self.person.get(address)
            self.assertEqual(answer.status, 200)
            self.assertIn("immutable", answer.getheader("Cache-Control"))
            self.assertGreater(len(answer.body), 1000)
            again = self.person.get(address, If_None_Match=answer.getheader("ETag"))
            self.assertEqual((again.status, again.body), (304, b""))
            self.assertEqual(self.person.get("/assets/0000000000000000/" + address.split("/")[-1]).status, 404)

    def test_tags(self):
        first = self.person.get("/privacy")
        again = self.person.get("/privacy", If_None_Match=first.getheader("ETag"))
        self.assertEqual((again.status, again.body), (304, b""))
        head = self.person.ask("HEAD", "/privacy")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.getheader("ETag"), first.getheader("ETag"))
        self.assertEqual(head.getheader("Content-Length"), str(len(first.body)))

    def test_query(self):
        page = self.person.get("/sign-in?x=%26&next=%2Fworkbench%2Ffindings%3Fchapter%3Dunder-25&y").text
        self.assertIn('value="/workbench/findings?chapter=under-25"', page)

    def test_json(self):
        answer = self.person.get("/findings", Accept="application/json")
        self.assertEqual(answer.getheader("Content-Type"), "application/json")
        self.assertEqual(json.loads(answer.text), {"findings": []})
        refused = self.person.get("/workbench", Accept="application/json")
        self.assertEqual((refused.status, json.loads(refused.text)["status"]), (401, 401))
        absent = self.person.get("/nothing", Accept="application/json")
        self.assertEqual((absent.status, json.loads(absent.text)["status"]), (404, 404))

    def test_who_is_not_signed_in_is_asked_to(self):
        answer = self.person.get("/workbench")
        self.assertEqual((answer.status, answer.getheader("Location")), (303, "/sign-in?next=/workbench"))
        answer = self.person.get("/workbench/findings/a%26next=x%20y%22")
        # as it was asked, so that it is asked again just so
        self.assertEqual(answer.getheader("Location"), "/sign-in?next=/workbench/findings/a%2526next%253Dx%2520y%2522")
        self.assertEqual(self.person.post("/sign-out", {}).status, 403)
        self.assertEqual(self.person.post("/findings", {}).status, 405)

    def test_forms_of_other_sites_are_refused(self):
        for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
            self.assertEqual(self.person.post("/sign-in", {"name": "a"}, **headers).status, 403, headers)

    def test_another_name_for_this_machine_is_refused(self):
        self.assertEqual(self.person.get("/", Host="attacker.example").status, 421)
        self.assertEqual(self.person.get("/", Host="localhost:1").status, 200)


HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(file)

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__(None, None, None)

    def status_of(self, request, patience=20):
        """Statuses of all that comes back; none for a connection that is closed without a word."""
        got = self.service.raw(request, patience)
        return [int(status) for status in re.findall(rb"HTTP/1\.\d (\d{3}) ", got)]

    def test_ambiguous_requests(self):
        for request in (
                POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=bX",
                POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
                POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
                POST + b"Transfer-Encoding: gzip\r\n\r\n",
                POST + b"Content-Length: +3\r\n\r\na=b",
                POST + b"Content-Length: 3, 3\r\n\r\na=b",
                POST + b"Content-Length: -1\r\n\r\n",
                HEAD + b"Host: other\r\n\r\n",
                b"GET / HTTP/1.1\r\n\r\n",
                HEAD + b"Content-Length: 3\r\n\r\nabc",
                b"GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                b"GET http://elsewhere/ HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            statuses = self.status_of(request)
            # The library prints the head of its own 400 twice for a length that is no number.
            self.assertLessEqual(len(statuses), 2, request)
            self.assertTrue(all(400 <= status < 500 for status in statuses), (request, statuses))

    def test_nothing_after_a_misunderstood_request_is_answered(self):
        smuggled = POST + b"Content-Length: 3\r\nContent-Length: 60\r\n\r\na=b" + HEAD + b"\r\n"
        self.assertEqual(len(self.status_of(smuggled)), 1)

    def test_two_requests_in_a_row_are(self):
        self.assertEqual(self.status_of(HEAD + b"\r\n" + HEAD + b"Connection: close\r\n\r\n"), [200, 200])

    def test_limits(self):
        self.assertEqual(self.status_of(POST + b"Content-Length: 70000\r\n\r\n" + b"a" * 70000), [413])
        chunks = b"".join(b"2000\r\n" + b"a" * 0x2000 + b"\r\n" for _ in range(10))
        self.assertIn(self.status_of(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"), ([413], []))
        for request in (b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        HEAD + b"X: " + b"a" * 40000 + b"\r\n\r\n"):
            self.assertTrue(all(status in (413, 414, 431) for status in self.status_of(request)))
        self.assertEqual(self.status_of(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"), [413])
        self.assertEqual(self.status_of(HEAD + b"Cookie: a=" + b"b" * 5000 + b"\r\n\r\n"), [413])
        self.assertIn(self.status_of(HEAD + b"Cookie: " + b"a=b; " * 1000 + b"\r\n\r\n"), ([413], []))

    def test_other_methods_and_types(self):
        self.assertEqual(self.status_of(b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n"), [405])
        self.assertEqual(self.status_of(b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n"), [405])
        self.assertEqual(self.status_of(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                                        b"Content-Length: 3\r\n\r\na=b"), [415])

    def test_rubbish(self):
        for request in (b"", b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\x00" * 100, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                        HEAD + b"X: \xff\xfe\r\n\r\n", HEAD + b" folded: yes\r\n\r\n"):
            self.service.raw(request, patience=1)
        self.assertEqual(self.status_of(HEAD + b"Connection: close\r\n\r\n"), [200])

    def test_slow_clients_hold_nobody_up(self):
        links = []
        for _ in range(100):
            link = self.service.connect()
            link.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            links.append(link)
        begun = time.monotonic()
        self.assertEqual(self.status_of(HEAD + b"Connection: close\r\n\r\n"), [200])
        self.assertLess(time.monotonic() - begun, 20)  # not one after the other's time-out
        for link in links:
            link.close()

    def test_many_at_once(self):
        statuses = []

        def ask():
            statuses.extend(self.status_of(HEAD + b"Connection: close\r\n\r\n"))

        threads = [threading.Thread(target=ask) for _ in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(statuses), 60)
        self.assertLessEqual(set(statuses), {200, 503})


class Life(unittest.TestCase):
    def test_refuses_to_be_reached_from_elsewhere_without_a_proxy(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:8080"):
            result = run("serve", file, "--listen", address)
            self.assertEqual(result.status, 2, address)
            self.assertIn("--behind-proxy", result.err)
        for address in ("localhost:80", "x", "70000", "unix:relative", ":"):
            self.assertEqual(run("serve", file, "--listen", address).status, 2, address)
        self.assertEqual(run("serve", file, "--user-header", "X-User").status, 2)

    def test_a_file_that_is_not_there(self):
        result = run("serve", pathlib.Path(folder.name) / "absent.reeve")
        self.assertEqual(result.status, 3)

    def test_an_address_in_use(self):
        with Service(file) as service:
            result = run("serve", file, "--listen", f"127.0.0.1:{service.port}")
            self.assertEqual(result.status, 4)
            self.assertIn(str(service.port), result.err)

    def test_a_file_with_room_in_it_is_written_on_and_on(self):
        """SQLite keeps what undoes a statement; where pages are used again it outgrew 64 KB and went to /var/tmp, which
        the sandbox denies: from then on nothing could be written."""
        with tempfile.TemporaryDirectory() as home:
            worn, password = pathlib.Path(home) / "worn.reeve", pathlib.Path(home) / "password"
            must("new", worn, "--synthetic")
            password.write_text("a synthetic password 1\n")
            must("user", worn, "add", "ann", "--role", "analyst", "--no-codes", "--password-file", password)
            db = sqlite3.connect(worn)
            db.execute("CREATE TABLE gone (x)")
            db.executemany("INSERT INTO gone VALUES (zeroblob(15000))", [()] * 40)
            db.execute("DROP TABLE gone")
            db.commit()
            db.close()
            with Service(worn) as service:
                ann = Person(service)
                self.assertEqual(ann.post("/sign-in", {"name": "ann", "password": "a synthetic password 1", "code": ""}).status, 303)
                form = {"csrf": re.search(r'name="csrf" value="([^"]+)"', ann.get("/account").text)[1]}
                for number in range(120):  # each leaves a row in the audit
                    self.assertEqual(ann.post("/workbench/definition/record", form | {"key": f"K{number}"}).status, 422, number)

    def test_unix_socket(self):
        path = pathlib.Path(folder.name) / "socket"
        with Service(file, listen=f"unix:{path}") as service:
            self.assertEqual(path.stat().st_mode & 0o777, 0o660)
            self.assertIn(b"200 OK", service.raw(HEAD + b"Connection: close\r\n\r\n"))
            self.assertEqual(run("serve", file, "--listen", f"unix:{path}").status, 4)
        with Service(file, listen=f"unix:{path}") as service:  # what the first left is replaced
            self.assertIn(b"200 OK", service.raw(HEAD + b"Connection: close\r\n\r\n"))
        path.unlink(missing_ok=True)
        path.write_text("no socket")
        self.assertEqual(run("serve", file, "--listen", f"unix:{path}").status, 3)
        self.assertEqual(path.read_text(), "no socket")

    def test_socket_of_a_service_manager(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            words = f'exec 3<&{listening.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "{REEVE}" serve "{file}"'
            process = subprocess.Popen(["bash", "-c", words], pass_fds=[listening.fileno()], stdout=subprocess.PIPE, text=True)
            self.assertIn("service manager", process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
            link.sendall(HEAD + b"Connection: close\r\n\r\n")
            self.assertIn(b"200 OK", link.recv(65536))
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)

    def test_stops_cleanly_on_both_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            service = Service(file)
            link = service.connect()  # a connection that stays open does not keep it
            link.sendall(HEAD + b"\r\n")
            self.assertIn(b"200 OK", link.recv(65536))
            service.process.send_signal(number)
            self.assertEqual(service.process.wait(timeout=60), 0)
            service.process.communicate()
            link.close()

    def test_behind_a_proxy(self):
        with Service(file, "--behind-proxy") as service:
            person = Person(service)
            self.assertEqual(person.get("/", Host="violence.borough.example").status, 200)

    def test_another_program_may_open_and_close_the_file(self):
        """It must not take itself for the last one and remove the log under the service (sqlite.org/howtocorrupt.html)."""
        with Service(file) as service:
            self.assertEqual(Person(service).get("/health").text, "ok\n")
            db = sqlite3.connect(file)
            db.execute("SELECT count(*) FROM setting").fetchall()
            db.close()
            held = [os.readlink(link) for link in pathlib.Path(f"/proc/{service.process.pid}/fd").iterdir()]
            self.assertTrue(any(name.endswith(".reeve-wal") for name in held))
            self.assertEqual([name for name in held if name.endswith("(deleted)")], [])

    def test_commands_work_beside_it(self):
        with Service(file) as service:
            must("verify", file)
            must("backup", file, pathlib.Path(folder.name) / f"copy-{service.port}.reeve")
            self.assertEqual(Person(service).get("/health").text, "ok\n")


if __name__ == "__main__":
    unittest.main()
