"""Accounts through the program: made, invited, reset, shut out; passwords that are never words of a command and never
in the file; a terminal that does not show them; all or nothing. All people here are made up.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import hashlib
import hmac
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import time

from harness import REEVE, ROOT, Case, digest, main
from service import PASSWORD

ROLES = ("public", "partner", "analyst", "coordinator", "administrator")


def one_time_code(base32, now=None):
    """RFC 6238 in plain Python, written apart from the program."""
    counter = struct.pack(">Q", int(now if now is not None else time.time()) // 30)
    mac = hmac.new(base64.b32decode(base32), counter, hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Terminal:
    """The program at a terminal, as somebody sits before it."""

    def __init__(self, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(REEVE, [REEVE, *map(str, words)])
        self.seen = ""

    def wait_for(self, text, seconds=60):
        """What was shown up to and with the text."""
        end = time.time() + seconds
        while text not in self.seen:
            if time.time() > end:
                raise AssertionError(f"no {text!r} in {self.seen!r}")
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 4096).decode()
                except OSError:
                    if text not in self.seen:
                        raise AssertionError(f"ended without {text!r}: {self.seen!r}") from None
        at = self.seen.index(text) + len(text)
        shown, self.seen = self.seen[:at], self.seen[at:]
        return shown

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        shown = self.seen
        while True:
            try:
                piece = os.read(self.fd, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece.decode()
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status), shown


class Users(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def add(self, name, role, *words, status=0, password=PASSWORD):
        return self.ok("user", self.file, "add", name, "--role", role, "--password-file", "-", *words, status=status,
                       input=password + "\n")

    def accounts(self):
        return {x["name"]: x for x in self.ok("user", self.file, "list", "--json").json()["accounts"]}

    def audit(self):
        return [(x["action"], x["subject"], x["outcome"])
                for x in self.ok("audit", self.file, "export", "--json").json()]

    # ---- making them ----

    def test_the_first_administrator(self):
        self.assertIn("There is no account", self.ok("user", self.file).out)
        made = self.add("A.Admin@Borough.Example", "administrator", "--display", "A. Admin", "--json").json()
        self.assertEqual((made["account"], made["name"], made["status"], made["codes"]),
                         (1, "a.admin@borough.example", "active", True))
        self.assertEqual(len(base64.b32decode(made["secret"])), 20)
        self.assertIn(made["secret"], made["uri"])
        self.assertEqual(len(set(made["recovery"])), 8)
        for code in made["recovery"]:
            self.assertRegex(code, r"^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$")
        self.assertIn("8 recovery codes left", self.ok("user", self.file, "list").out)
        self.assertEqual(self.audit(), [("account.added", "account 1", "administrator")])
        key = self.dir / "borough.reeve-key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)

    def test_what_is_shown_once_is_nowhere_in_the_files(self):
        made = self.add("ada", "administrator", "--json").json()
        token = self.ok("user", self.file, "invite", "pat", "--role", "partner", "--json").json()["invitation"]
        self.ok("backup", self.file, self.dir / "copy.reeve")
        raw = base64.b32decode(made["secret"])
        for path in self.dir.iterdir():
            held = path.read_bytes()
            for secret in (PASSWORD.encode(), made["secret"].encode(), raw, token.encode(),
                           base64.urlsafe_b64decode(token + "="), *(c.encode() for c in made["recovery"])):
                self.assertNotIn(secret, held, path)
        self.assertFalse((self.dir / "copy.reeve-key").exists())  # the key does not travel with a backup

    def test_a_password_is_judged_and_never_a_word_of_the_command(self):
        before = digest(self.file)
        for bad in ("short", "aaaaaaaaaaaaaaaa", "the ada administrator", "x" * 300):
            result = self.add("ada", "administrator", status=3, password=bad)
            self.assertNotIn(bad, result.err + result.out)
        self.ok("user", self.file, "add", "ada", "--role", "administrator", status=2, stdin=subprocess.DEVNULL)
        result = self.ok("user", self.file, "add", "ada", "--role", "administrator", "--password", PASSWORD, status=2)
        self.assertNotIn(PASSWORD, result.err + result.out)
        self.ok("user", self.file, "add", "ada", PASSWORD, "--role", "administrator", status=2)
        self.ok("user", self.file, "add", "ada", "--role", "administrator", "--password-file", self.dir / "none", status=3)
        self.assertEqual(digest(self.file), before)
        path = self.write("password", PASSWORD + "\r\nanother line\n")
        self.ok("user", self.file, "add", "ada", "--role", "administrator", "--password-file", path)

    def test_the_hash_is_argon2id_as_another_program_reads_it(self):
        self.add("ada", "administrator")
        held = sqlite3.connect(self.file).execute("SELECT password FROM account_secret").fetchone()[0]
        self.assertTrue(held.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), held)
        if not shutil.which("argon2"):
            self.skipTest("the program argon2 is not here")
        salt = base64.b64decode(held.split("$")[4] + "==")
        if b"\0" in salt:
            self.skipTest("a salt with a zero byte cannot be a word of a command")
        again = subprocess.run([b"argon2", salt, b"-id", b"-t", b"2", b"-k", b"19456", b"-p", b"1", b"-l", b"32", b"-e"],
                               input=PASSWORD.encode(), capture_output=True, check=True).stdout.decode().strip()
        self.assertEqual(again, held)

    def test_at_a_terminal_nothing_typed_is_shown_and_the_app_must_work(self):
        t = Terminal("user", self.file, "add", "ada", "--role", "administrator")
        t.wait_for("not shown): ")
        t.type(PASSWORD + "\n")
        t.wait_for("again: ")
        t.type(PASSWORD + "\n")
        shown = t.wait_for("nothing is kept): ")
        secret = re.search(r"secret=([A-Z2-7]{32})", shown)[1]
        t.type("000000\n")
        t.wait_for("not the code of this minute")
        t.wait_for("nothing is kept): ")
        t.type(one_time_code(secret) + "\n")
        status, rest = t.end()
        self.assertEqual(status, 0, rest)
        self.assertNotIn("unlikely", shown + rest)
        self.assertTrue(self.accounts()["ada"]["codes"])

    def test_at_a_terminal_two_that_differ_or_ctrl_c_make_nothing(self):
        before = digest(self.file)
        t = Terminal("user", self.file, "add", "ada", "--role", "administrator")
        t.wait_for("not shown): ")
        t.type(PASSWORD + "\n")
        t.wait_for("again: ")
        t.type(PASSWORD + "x\n")
        self.assertEqual(t.end()[0], 3)
        t = Terminal("user", self.file, "add", "ada", "--role", "administrator")
        t.wait_for("not shown): ")
        t.type("\x03")
        self.assertEqual(t.end()[0], 130)
        self.assertEqual(digest(self.file), before)

    # ---- changing them ----

    def test_a_life_of_an_account(self):
        self.add("ada", "administrator", "--no-codes")
        invited = self.ok("user", self.file, "invite", "Pat", "--role", "partner", "--organisation", "Synthetic Org",
                          "--json").json()
        self.assertEqual((invited["name"], invited["status"], invited["organisation"]), ("pat", "invited", "Synthetic Org"))
        self.assertEqual(len(invited["invitation"]), 43)
        self.ok("user", self.file, "invite", "pat", "--role", "partner", status=3)
        self.assertNotEqual(self.ok("user", self.file, "reset", "pat", "--json").json()["invitation"], invited["invitation"])
        changed = self.ok("user", self.file, "change", "pat", "--role", "analyst", "--organisation", "", "--json").json()
        self.assertEqual((changed["role"], changed["organisation"]), ("analyst", None))
        self.ok("user", self.file, "disable", "PAT")
        self.ok("user", self.file, "disable", "pat", status=3)
        self.ok("user", self.file, "reset", "pat", status=3)
        self.assertIsNone(self.accounts()["pat"]["invited_until"])
        self.ok("user", self.file, "enable", "pat")
        self.assertEqual([x[0] for x in self.audit()],
                         ["account.added", "account.invited", "account.reset", "account.changed", "account.disabled",
                          "account.enabled"])
        self.ok("verify", self.file)

    def test_the_last_administrator_stays(self):
        self.add("ada", "administrator")
        before = digest(self.file)
        self.assertIn("last active administrator", self.ok("user", self.file, "disable", "ada", status=3).err)
        self.ok("user", self.file, "change", "ada", "--role", "analyst", status=3)
        self.assertEqual(digest(self.file), before)
        self.add("bob", "administrator", "--no-password")
        self.ok("user", self.file, "disable", "ada")

    def test_wrong_use_is_told_and_changes_nothing(self):
        self.add("ada", "administrator")
        before = digest(self.file)
        for words, status, says in (
                (["frob"], 2, "takes list, add"), (["add"], 2, "the name of an account"), (["list", "ada"], 2, "nothing"),
                (["disable"], 2, "the name"), (["disable", "nobody"], 3, "no account"), (["disable", "a b"], 3, "2 to 100"),
                (["invite", "pat"], 2, "--role takes"), (["invite", "pat", "--role", "root"], 2, "not 'root'"),
                (["invite", "pat", "--role", "public"], 2, "--role takes"), (["sign-out"], 2, "--all"),
                (["sign-out", "ada", "--all"], 2, "--all"), (["sessions", "nobody"], 3, "no account"),
                (["change", "ada", "--display", "a\nb"], 3, "one line")):
            with self.subTest(words):
                self.assertIn(says, self.ok("user", self.file, *words, status=status).err)
        self.assertEqual(digest(self.file), before)
        self.ok("user", self.dir / "none.reeve", status=3)

    def test_sessions_and_signing_out(self):
        self.add("ada", "administrator")
        self.add("ben", "analyst")
        self.assertIn("Nobody is signed in", self.ok("user", self.file, "sessions").out)
        db = sqlite3.connect(self.file)  # as the service would
        now = int(time.time())
        for number, account in enumerate((1, 1, 2)):
            db.execute("INSERT INTO session (hash, account_id, made_at, seen_at, expires_at, address, means) VALUES "
                       "(?, ?, ?, ?, ?, '192.0.2.1', 'code')", (bytes([number]) * 32, account, now, now, now + 3600))
        db.commit()
        db.close()
        held = self.ok("user", self.file, "sessions", "--json").json()["sessions"]
        self.assertEqual([x["name"] for x in held], ["ben", "ada", "ada"])
        self.assertEqual(len(self.ok("user", self.file, "sessions", "ada", "--json").json()["sessions"]), 2)
        self.assertEqual(self.ok("user", self.file, "sign-out", "ada", "--json").json(), {"name": "ada", "ended": 2})
        self.assertIn("1 sessions ended", self.ok("user", self.file, "sign-out", "--all").out)
        self.assertEqual(self.audit()[-2:], [("sign-out.everywhere", "account 1", "2 sessions"),
                                             ("sign-out.everywhere", "every account", "1 sessions")])

    def test_queries_do_not_read_what_people_sign_in_with(self):
        self.add("ada", "administrator")
        for table in ("account_secret", "recovery_code", "invitation", "session", "sign_in_failure"):
            for query in (f"SELECT * FROM {table}", f"SELECT count(*) AS n FROM {table}"):
                self.assertIn("sign in with", self.ok("sql", self.file, query, status=3).err)
        self.assertEqual(self.ok("sql", self.file, "SELECT name, role FROM account").rows(),
                         [{"name": "ada", "role": "administrator"}])

    def test_a_lost_key_is_told_and_made_anew(self):
        self.add("ada", "administrator")
        key = self.dir / "borough.reeve-key"
        kept = key.read_bytes()
        self.assertIn("is there", self.ok("user", self.file, "new-key", status=3).err)
        key.unlink()
        err = self.ok("user", self.file, "invite", "pat", "--role", "partner", status=3).err
        self.assertIn("new-key", err)
        self.assertFalse(key.exists())
        self.ok("user", self.file, "new-key")
        self.assertNotEqual(key.read_bytes(), kept)
        self.ok("user", self.file, "invite", "pat", "--role", "partner")
        key.write_bytes(kept)
        self.assertIn("another file", self.ok("user", self.file, "reset", "pat", status=3).err)
        key.chmod(0o644)
        self.assertIn("chmod 600", self.ok("user", self.file, "reset", "pat", status=3).err)

    # ---- all or nothing; old files; the guide ----

    def test_a_kill_at_every_point_leaves_before_or_after(self):
        points = ["store.begin", "key.made", "account.secret", "audit.written", "store.commit.before",
                  "store.commit.after", "store.done"]
        for point in points:
            with self.subTest(point):
                self.file = self.dir / f"{point}.reeve"
                self.new()
                before = digest(self.file)
                done = subprocess.run([REEVE, "user", self.file, "add", "ada", "--role", "administrator",
                                       "--password-file", "-"], input=PASSWORD + "\n", text=True, capture_output=True,
                                      env={**os.environ, "REEVE_FAULT_POINT": point})
                self.assertEqual(done.returncode, -signal.SIGKILL)
                is_before = points.index(point) < 5
                self.assertEqual(len(self.accounts()), 0 if is_before else 1)
                self.assertEqual(len(self.audit()), 0 if is_before else 1)
                if is_before:
                    self.assertEqual(digest(self.file), before)
                    self.add("ada", "administrator")  # whatever lies about of the key is used
                self.ok("verify", self.file)
                self.ok("user", self.file, "invite", "pat", "--role", "partner")

    def test_an_older_file_gets_accounts(self):
        db = sqlite3.connect(self.file)
        names = sorted(p.name for p in (ROOT / "sql" / "migrations").iterdir())
        version = names.index("0010-account.sql")
        if len(names) != version + 2:
            self.skipTest("later migrations would meet their own tables")
        for kind, name in db.execute("SELECT type, name FROM sqlite_master").fetchall():
            if kind == "trigger":
                db.execute(f"DROP TRIGGER {name}")
        for name in ("audit", "audit_head", "sign_in_failure", "session", "invitation", "recovery_code",
                     "account_secret", "account"):
            db.execute(f"DROP TABLE {name}")
        db.execute(f"PRAGMA user_version = {version}")
        db.commit()
        db.close()
        self.ok("user", self.file, status=3)  # reading does not migrate
        self.add("ada", "administrator")
        self.ok("verify", self.file)

    def test_the_guide_prints_the_table_of_roles(self):
        source = (ROOT / "src" / "access" / "role.c").read_text()
        rights = dict(re.findall(r'\{"([a-z-]+)", "([PpacA-]{5})"\}', source))
        self.assertGreater(len(rights), 8)
        guide = (ROOT / "docs" / "guide" / "accounts.md").read_text()
        rows = {m[1]: [c.strip() for c in m[2].split("|")] for m in re.finditer(r"^\| `([a-z-]+)` \|(.*)\|$", guide, re.M)}
        for right, who in rights.items():
            want = ["yes" if letter != "-" else "" for letter in who]
            self.assertEqual(rows[right][-5:], want, right)


if __name__ == "__main__":
    main()
