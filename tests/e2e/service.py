"""The web service under test: started on a free port or a Unix socket, asked byte by byte or as a browser does.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.client
import re
import socket
import subprocess
import urllib.parse

from harness import REEVE, must

PASSWORD = "three unlikely words"  # of everybody in tests
PEOPLE = {f"{role}@borough.example": role for role in ("partner", "analyst", "coordinator", "administrator")}


class Service:
    """`with Service(file) as service:` serves until the block ends; then it stops cleanly or the test fails."""

    def __init__(self, file, *words, listen="127.0.0.1:0"):
        self.process = subprocess.Popen([REEVE, "serve", file, "--listen", listen, *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.first = self.process.stdout.readline()
        if not self.first:
            raise AssertionError(f"the service did not start: {self.process.stderr.read()}")
        port = re.search(r":(\d+)/$", self.first.strip())
        self.port = int(port[1]) if port else None
        self.path = None if port else listen.removeprefix("unix:")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.terminate()
        said = self.process.communicate(timeout=60)
        if kind is None and (self.process.returncode != 0 or said[1]):
            raise AssertionError(f"the service ended with {self.process.returncode}: {said[1]}")

    def connect(self):
        if self.path:
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(60)
            link.connect(self.path)
            return link
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def raw(self, request, patience=20):
        """Everything that comes back for these bytes until the service closes the connection or says no more."""
        got = b""
        with self.connect() as link:
            link.settimeout(patience)
            try:
                link.sendall(request)
                while piece := link.recv(65536):
                    got += piece
            except (TimeoutError, ConnectionResetError, BrokenPipeError):
                pass  # it may close before it has read all
        return got



def add_people(file, people=PEOPLE, *words):
    """Accounts {name: role} that sign in with the password alone."""
    password = file.parent / "password"
    password.write_text(PASSWORD + "\n")
    for name, role in people.items():
        must("user", file, "add", name, "--role", role, "--no-codes", "--password-file", password, *words)


def enter(service, name):
    """Somebody of add_people, signed in."""
    person = Person(service)
    answer = person.post("/sign-in", {"name": name, "password": PASSWORD, "code": ""})
    if answer.status != 303:
        raise AssertionError(f"{name} is not let in: {answer.status} {answer.text}")
    return person


def enter_all(service):
    """One of each role, of PEOPLE, by role."""
    return {role: enter(service, name) for name, role in PEOPLE.items()}


def token_of(page):
    """What each form of a page carries."""
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


BOUNDARY = "----synthetic7MA4YWxk"


def body_of(fields, name, content, after=()):
    """A form with a file as a browser sends it."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields]
    parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
    parts += [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in after]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Person:
    """A browser without script: keeps its cookie, follows no redirect by itself."""

    def __init__(self, service, **headers):
        self.service = service
        self.headers = headers
        self.cookie = None

    def ask(self, method, path, form=None, **headers):
        """form: fields, or bytes whose Content_Type is given."""
        link = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        sent = dict(self.headers) | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent.setdefault("Cookie", self.cookie)
        body = None
        if form is not None:
            body = form if isinstance(form, bytes) else urllib.parse.urlencode(form)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        link.request(method, path, body, sent)
        answer = link.getresponse()
        answer.body = answer.read()
        answer.text = answer.body.decode("utf-8", "replace")
        link.close()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            pair = cookie.split(";")[0]
            self.cookie = pair if pair.split("=")[1] else None
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, form, **headers):
        return self.ask("POST", path, form, **headers)
