#!/usr/bin/env python3
"""The service as it is put in place: behind nginx as deploy/nginx.conf sets it up, on a Unix socket, under the unit.

nginx is started with that very file; only names of sockets, ports and certificates are put in. Skipped, saying so,
where nginx or openssl is missing. All people here are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from harness import REEVE, ROOT, must
from service import PASSWORD, Service

NAME = "violence.borough.example"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
FRAME = """
{user}
daemon off;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log {home}/access.log;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/reeve.conf;
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def put_in(text, old, new):
    if old not in text:
        raise AssertionError(f"deploy/nginx.conf no longer says {old!r}: mend this test")
    return text.replace(old, new)


class Place:
    """nginx and the service in a folder of their own."""

    def __init__(self, home):
        self.home = home
        self.address = "127.0.0.1"  # from which somebody asks: limits are for each
        home.chmod(0o755)
        self.plain, self.secure = free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                        "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", home / "privkey.pem",
                        "-out", home / "fullchain.pem"], check=True, capture_output=True)
        conf = (ROOT / "deploy" / "nginx.conf").read_text()
        for old, new in (("unix:/run/reeve/socket", f"unix:{home}/socket"), ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
                         ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.secure} ssl http2;"),
                         ("/etc/ssl/reeve/", f"{home}/")):
            conf = put_in(conf, old, new)
        (home / "reeve.conf").write_text(conf)
        (home / "nginx.conf").write_text(FRAME.format(home=home, user="user root;" if os.getuid() == 0 else ""))
        self.file = home / "borough.reeve"
        must("new", self.file, "--title", "Deployed", "--synthetic")
        (home / "password").write_text(PASSWORD + "\n")
        must("user", self.file, "add", "ada@borough.example", "--role", "analyst", "--no-codes",
             "--password-file", home / "password")
        self.service = Service(self.file, "--behind-proxy", listen=f"unix:{home}/socket")
        self.nginx = subprocess.Popen([NGINX, "-p", home, "-c", home / "nginx.conf"], stderr=subprocess.PIPE, text=True)
        self.wait()

    def wait(self):
        for _ in range(300):
            if self.nginx.poll() is not None:
                raise AssertionError(f"nginx does not take deploy/nginx.conf: {self.nginx.stderr.read()}")
            try:
                socket.create_connection(("127.0.0.1", self.secure), timeout=5).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise AssertionError("nginx does not listen")

    def close(self):
        self.nginx.terminate()
        self.nginx.communicate(timeout=60)
        self.service.__exit__(None, None, None)

    def tls(self, *protocols):
        context = ssl.create_default_context(cafile=self.home / "fullchain.pem")
        if protocols:
            context.set_alpn_protocols(protocols)
        return context.wrap_socket(self.connect(self.secure), server_hostname=NAME)

    def connect(self, port):
        return socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(self.address, 0))

    def ask(self, method, path, form=None, **headers):
        link = http.client.HTTPConnection(NAME)
        link.sock = self.tls()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = urllib.parse.urlencode(form) if form is not None else None
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, body, sent)
        answer = link.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        link.close()
        return answer


@unittest.skipUnless(os.access(NGINX, os.X_OK) and shutil.which("openssl"), "nginx or openssl is not here")
class BehindNginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = Place(pathlib.Path(cls.folder.name).resolve())

    def setUp(self):
        tests = unittest.defaultTestLoader.getTestCaseNames(type(self))
        self.place.address = f"127.0.0.{2 + tests.index(self._testMethodName)}"

    @classmethod
    def tearDownClass(cls):
        cls.place.close()
        cls.folder.cleanup()

    def test_plain_http_leads_to_tls(self):
        link = http.client.HTTPConnection("127.0.0.1", self.place.plain)
        link.request("GET", "/findings?a=1", headers={"Host": NAME})
        answer = link.getresponse()
        link.close()
        self.assertEqual((answer.status, answer.getheader("Location")), (301, f"https://{NAME}/findings?a=1"))

    def test_pages_come_with_their_headers_once(self):
        answer = self.place.ask("GET", "/")
        self.assertEqual(answer.status, 200)
        for header in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
            self.assertEqual(len([n for n, _ in answer.getheaders() if n.lower() == header.lower()]), 1, header)
        self.assertNotIn("/1.", answer.getheader("Server") or "")
        style = re.search(r'href="(/assets/[^"]+\.css)"', answer.text)[1]
        packed = self.place.ask("GET", style, Accept_Encoding="gzip")
        self.assertEqual((packed.status, packed.getheader("Content-Encoding")), (200, "gzip"))

    def test_http_2_is_spoken(self):
        with self.place.tls("h2", "http/1.1") as link:
            self.assertEqual(link.selected_alpn_protocol(), "h2")
            self.assertIn(link.version(), ("TLSv1.2", "TLSv1.3"))

    def test_the_session_cookie_is_bound_to_tls_whatever_the_browser_claims(self):
        answer = self.place.ask("POST", "/sign-in", {"name": "ada@borough.example", "password": PASSWORD},
                                X_Forwarded_Proto="http", X_Real_IP="192.0.2.7")
        self.assertEqual(answer.status, 303, answer.text)
        cookie = answer.getheader("Set-Cookie")
        self.assertTrue(cookie.startswith("__Host-"), cookie.split("=")[0])
        self.assertIn("Secure", cookie)
        page = self.place.ask("GET", "/account", Cookie=cookie.split(";")[0])
        self.assertEqual(page.status, 200)

    def test_a_name_that_the_client_puts_in_front_is_believed_by_nobody(self):
        """The usual names of a header of single sign-on: this proxy signs nobody in."""
        for header in ("X_Remote_User", "Remote_User", "X_Forwarded_User"):
            self.assertEqual(self.place.ask("GET", "/account", **{header: "ada@borough.example"}).status, 303, header)

    def test_what_two_readers_understand_differently_is_refused(self):
        for lines in ("Content-Length: 3\r\nContent-Length: 30", "Content-Length: 3\r\nTransfer-Encoding: chunked"):
            with self.place.tls() as link:
                link.sendall(f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\n{lines}\r\n\r\na=b".encode())
                self.assertRegex(link.recv(100).decode(), r"^HTTP/1\.1 400 ")

    def test_a_form_beyond_measure_is_refused_before_it_is_read(self):
        with self.place.tls() as link:
            link.sendall(f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 3000000\r\n\r\n".encode())
            self.assertRegex(link.recv(100).decode(), r"^HTTP/1\.1 413 ")

    def test_slow_clients_stop_nobody(self):
        """Heads and forms that come byte by byte, three hundred of them, while somebody reads."""
        slow = []
        try:
            for i in range(300):
                link = self.place.connect(self.place.plain if i % 2 else self.place.secure)
                link.sendall(f"POST /account HTTP/1.1\r\nHost: {NAME}\r\nX-".encode() if i % 2 else b"\x16\x03\x01")
                slow.append(link)
            forms = []
            for _ in range(30):
                link = self.place.tls()
                link.sendall(f"POST /sign-out HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/x-www-form-urlencoded"
                             "\r\nContent-Length: 60000\r\n\r\nname=a".encode())
                forms.append(link)
                slow.append(link)
            for _ in range(20):
                for link in forms:
                    link.sendall(b"a")
                self.assertEqual(self.place.ask("GET", "/findings").status, 200)
        finally:
            for link in slow:
                link.close()

    def test_guessing_passwords_is_slowed_down(self):
        seen = [self.place.ask("POST", "/sign-in", {"name": "nobody", "password": "x" * 20}) for _ in range(40)]
        self.assertEqual(seen[0].status, 422)
        self.assertIn(429, [a.status for a in seen if "nginx" in a.text])  # besides what the service itself refuses
        self.place.address = "127.0.0.250"
        self.assertEqual(self.place.ask("GET", "/sign-in").status, 200)  # nobody else waits
        self.setUp()
        for _ in range(100):  # and the door opens again for those who wait
            if self.place.ask("GET", "/sign-in").status == 200:
                return
            time.sleep(0.3)
        self.fail("the sign-in stays closed")

    def test_the_log_holds_no_invitation(self):
        secret = "k" * 43
        answers = {self.place.ask("GET", f"/invitation/{secret}").status for _ in range(20)}
        self.assertEqual(answers, {404, 429})  # those beyond the limit are refused by nginx itself
        self.place.ask("GET", "/findings?seen=1")
        for _ in range(100):
            log = (self.place.home / "access.log").read_text()
            if "/findings?seen=1" in log:
                break
            time.sleep(0.1)
        self.assertIn("/findings?seen=1", log)
        self.assertFalse(secret in log + (self.place.home / "error.log").read_text())


class Unit(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not here")
    def test_systemd_takes_the_unit(self):
        with tempfile.TemporaryDirectory() as home:
            service = put_in((ROOT / "deploy" / "reeve.service").read_text(), "/usr/bin/reeve", REEVE)
            pathlib.Path(home, "reeve.service").write_text(service)
            shutil.copy(ROOT / "deploy" / "reeve.socket", home)
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"{home}/reeve.socket", f"{home}/reeve.service"],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, [line for line in done.stderr.splitlines() if "reeve" in line]), (0, []))


if __name__ == "__main__":
    unittest.main(verbosity=2)
