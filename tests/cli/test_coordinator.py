"""Ceremonies over the network: `zkmetric ceremony serve` and `join` as real processes, and those who would disturb them."""
import concurrent.futures
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from test_cli import ZKMETRIC, Ran, good, write_csv, write_model

POWER = 12
HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture(scope="module")
def w(tmp_path_factory):
    """A circuit, powers of tau and the beginning of a ceremony."""
    folder = tmp_path_factory.mktemp("coordinator")
    model = write_model(folder / "model.onnx", hidden=2)
    x = np.random.default_rng(7).normal(size=(4, 3))
    write_csv(folder / "data.csv", x, model(x) + 0.01)
    good("schema", folder / "data.csv", "--target", "y", "-o", folder / "schema.json")
    good("compile", folder / "model.onnx", "--schema", folder / "schema.json", "--calibration", folder / "data.csv", "--capacity", 1,
         "--bits", 8, "-o", folder / "circuit")
    good("ceremony", "new-ptau", POWER, "-o", folder / "0.ptau")
    good("ceremony", "contribute-ptau", folder / "0.ptau", "-o", folder / "ptau")
    # A folder without a ceremony: the coordinator begins it.
    (folder / "chain").mkdir()
    with serving(folder, folder / "chain"):
        shutil.copy(folder / "chain" / "0000.zkc", folder)
    return folder


@pytest.mark.parametrize("args", [["serve", "--port", "1", "c", "p", "f"], ["join", "http://127.0.0.1:1/", "--name", "v"]])
def test_command_without_its_network_program(tmp_path, args):
    alone = shutil.copy(ZKMETRIC, tmp_path / "zkmetric")
    ran = subprocess.run([alone, "ceremony", *args], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert ran.returncode == 2 and "zkmetric-network" in ran.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["zkmetric"]


class Server:
    """A coordinator on a folder that begins at 0000.zkc; on a port of its own for good, so that it can be restarted."""

    def __init__(self, w, folder, *options):
        self.w, self.folder, self.options = w, pathlib.Path(folder), options
        self.log_path = self.folder.parent / (self.folder.name + ".log")
        if not self.folder.exists():
            self.folder.mkdir()
            shutil.copy(w / "0000.zkc", self.folder)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = None
        self.url = f"http://127.0.0.1:{self.port}/"

    def start(self, wait=True):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([ZKMETRIC, "ceremony", "serve", self.w / "circuit", self.w / "ptau", self.folder, "--port",
                                             str(self.port), *map(str, self.options)], stdout=log, stderr=log)
        deadline = time.monotonic() + 200
        while wait and not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log
            time.sleep(0.02)
        return self

    def answers(self):
        try:
            return bool(self.status)
        except (OSError, http.client.HTTPException):
            return False

    def stop(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=60)
        return self.process.returncode if self.process else None

    @property
    def log(self):
        return self.log_path.read_text()

    def ask(self, method, path, body=None, ticket=None, headers=(), source=None):
        """(code, object or bytes)."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=source and (source, 0))
        try:
            c.request(method, path, body, {**({"Authorization": f"Bearer {ticket}"} if ticket else {}), **dict(headers)})
            answer = c.getresponse()
            data = answer.read()
            return answer.status, json.loads(data) if answer.headers["Content-Type"] == "application/json" else data
        finally:
            c.close()

    @property
    def status(self):
        return self.ask("GET", "/status")[1]

    def place(self, name, **more):
        """Takes a place; its ticket."""
        ticket = secrets.token_hex(32)
        code, answer = self.ask("POST", "/queue", json.dumps({"name": name, "ticket": ticket, **more}))
        assert code == 201, answer
        return ticket

    def turn(self, ticket):
        return self.ask("GET", "/turn", ticket=ticket)[1]

    def until(self, ticket, *states):
        deadline = time.monotonic() + 60
        while (turn := self.turn(ticket))["state"] not in states:
            assert time.monotonic() < deadline, turn
            time.sleep(0.02)
        return turn

    def put(self, data, ticket, offset=0):
        return self.ask("PUT", f"/upload?offset={offset}", data, ticket)

    def last(self):
        return max(self.folder.glob("*.zkc"))

    def next(self, name, source=None):
        """The bytes of an honest contribution to a file, by default the last."""
        out = self.folder.parent / f"{self.folder.name}-{secrets.token_hex(4)}.zkc"
        good("ceremony", "contribute", source or self.last(), "-o", out, "--name", name)
        return out.read_bytes()

    def verify(self):
        return good("ceremony", "verify", self.w / "circuit", self.w / "ptau", self.last(), "--json").json

    def joiner(self, name, *options, work=None):
        command = [ZKMETRIC, "ceremony", "join", self.url, "--name", name, "--work", work or self.folder.parent / f"work-{name}", "--json",
                   *options]
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@contextlib.contextmanager
def serving(w, folder, *options):
    server = Server(w, folder, *options).start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


@pytest.fixture
def server(w, tmp_path):
    with serving(w, tmp_path / "chain", "--idle", 30) as s:
        yield s


def finish(process, status=0):
    out, err = process.communicate(timeout=120)
    assert process.returncode == status, err.decode()
    return json.loads(out)


def test_three_at_once(w, server):
    joiners = [server.joiner(name, *more) for name, more in (("a", ()), ("b", ("--circuit", w / "circuit", "--ptau", w / "ptau")),
                                                             ("c", ("--entropy", "dice")))]
    attested = {r["name"]: r["transcript"] for r in map(finish, joiners)}
    report = server.verify()
    assert {one["name"]: one["hash"] for one in report["list"]} == attested and len(attested) == 3
    assert [p.name for p in sorted(server.folder.glob("*.zkc"))] == ["0000.zkc", "0001.zkc", "0002.zkc", "0003.zkc"]
    page = server.ask("GET", "/")[1].decode()
    assert all(value in page for value in attested.values())
    assert server.stop() == 0 and "stopped after 3 contributions" in server.log
    # What participants keep: their own contribution, no ticket and no half-made file.
    for name in "abc":
        kept = {p.name for p in (server.folder.parent / f"work-{name}").iterdir()}
        assert "join.json" not in kept and "mine.zkc" not in kept and not any(n.endswith(".part") for n in kept)


def test_what_arrives_is_judged(w, server):
    """Each is refused with its reason, and the queue goes on: last, an honest upload is accepted."""
    honest = server.next("x")
    flipped = {f"bit {at}": bytes(honest[:at]) + bytes([honest[at] ^ 1]) + bytes(honest[at + 1:])
               for at in (0, 300, 2000, len(honest) // 2, len(honest) - 40)}
    cases = {"garbage": random.Random(1).randbytes(len(honest)), "nothing": bytes(len(honest)), **flipped,
             "name": server.next("another name")[:len(honest)]}
    for what, data in cases.items():
        ticket = server.place("x")
        server.until(ticket, "turn")
        assert server.put(data, ticket)[0] == 200, what
        turn = server.until(ticket, "refused", "accepted")
        assert turn["state"] == "refused" and len(turn["reason"]) > 10 and str(server.folder) not in turn["reason"], what
        if what == "name":
            assert "another name" in turn["reason"]
        assert server.status["contributions"] == 0
        assert server.put(honest, ticket)[0] == 409  # a ticket is good for one upload
    ticket = server.place("x")
    assert server.put(honest, ticket)[0] == 200
    assert server.until(ticket, "accepted", "refused")["number"] == 1
    # The same again, with a ticket that is over and with a new one.
    assert server.put(honest, ticket)[0] == 409
    ticket = server.place("x")
    server.put(honest, ticket)
    assert server.turn(ticket)["state"] == "turn"  # it is shorter than what is due now
    longer = honest + bytes(server.turn(ticket)["upload_bytes"] - len(honest))
    server.put(longer, ticket)
    assert server.until(ticket, "refused", "accepted")["state"] == "refused"
    server.verify()


def test_points_are_checked_by_the_server(w, server):
    """A file whose contributions are right and one of whose points is not: only the whole check finds it."""
    data = bytearray(server.next("x"))
    place = len(data) - 128
    data[place:place + 64], data[place + 64:place + 128] = data[place + 64:place + 128], data[place:place + 64]  # two points exchanged
    path = server.folder.parent / "forged.zkc"
    path.write_bytes(data)
    assert Ran("ceremony", "contribute", path, "-o", server.folder.parent / "y.zkc").status == 0  # the file alone does not tell
    ticket = server.place("x")
    server.put(bytes(data), ticket)
    turn = server.until(ticket, "refused", "accepted")
    assert turn["state"] == "refused" and "quotient" in turn["reason"]


def test_turns_and_sizes(server):
    first, second = server.place("a"), server.place("b")
    data = server.next("b")
    assert server.put(data, second) == (409, {"error": "it is not your turn"})
    assert server.put(data, secrets.token_hex(32))[0] == 404 and server.put(data, None)[0] == 404
    size = server.turn(first)["upload_bytes"]
    assert server.put(bytes(size + 1), first)[0] == 413
    for length in (1 << 40, 1 << 63):
        c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        c.putrequest("PUT", "/upload?offset=0")
        c.putheader("Authorization", f"Bearer {first}")
        c.putheader("Content-Length", str(length))
        c.endheaders()
        assert c.getresponse().status == 413
        c.close()
    assert server.put(data[:10], first, offset=5)[0] == 409
    assert server.ask("PUT", "/upload", data, first)[0] == 400
    assert server.put(data[:1000], first) == (200, {"received": 1000})
    assert server.put(data[1000:], first, offset=1000)[0] == 200
    assert "another name" in server.until(first, "refused")["reason"]
    assert server.until(second, "turn") and server.put(data, second)[0] == 200
    assert server.until(second, "accepted", "refused")["state"] == "accepted"


def test_bad_requests(server):
    good_ticket = secrets.token_hex(32)
    for body in (b"", b"{", b"[]", b'{"name": 1}', b'{"name": "a"}', b'{"name": "a", "ticket": "x"}', b"\xff" * 100,
                 json.dumps({"name": "a" * 65, "ticket": good_ticket}), json.dumps({"name": "a\u202e\n", "ticket": good_ticket})):
        assert server.ask("POST", "/queue", body)[0] == 400
    assert server.ask("POST", "/queue", b" " * 5000)[0] == 413
    for method, path in (("GET", "/x"), ("POST", "/upload"), ("PUT", "/queue"), ("DELETE", "/"), ("GET", "/files/queue.json"),
                         ("GET", "/files/../queue.json"), ("GET", "/files/0001.zkc"), ("GET", "/files/%2e%2e/queue.json"),
                         ("GET", "/queue.json")):
        assert server.ask(method, path)[0] == 404, path
    assert server.status["queue"] == []


def test_ranges(server):
    whole = (server.folder / "0000.zkc").read_bytes()
    for asked, code, want in ((None, 200, whole), ("bytes=0-9", 206, whole[:10]), ("bytes=100-", 206, whole[100:]),
                              (f"bytes={len(whole) - 5}-99999999", 206, whole[-5:]), ("bytes=5-4", 200, whole), ("bytes=-5", 200, whole),
                              ("lines=1-2", 200, whole)):
        assert server.ask("GET", "/files/0000.zkc", headers=[("Range", asked)] if asked else []) == (code, want), asked
    assert server.ask("GET", "/files/0000.zkc", headers=[("Range", f"bytes={len(whole)}-")])[0] == 416


def test_hostile_names_are_text(server):
    ticket = server.place(HOSTILE)
    assert "<script" not in server.ask("GET", "/")[1].decode()
    server.put(server.next(HOSTILE), ticket)
    server.until(ticket, "accepted")
    page = server.ask("GET", "/")[1].decode()
    assert "<script" not in page and "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;" in page


def test_the_page_answers_during_a_check_and_tells_no_tickets(server):
    ticket = server.place("a")
    server.put(server.next("a"), ticket)
    slowest, seen = 0.0, set()
    while server.turn(ticket)["state"] != "accepted":
        start = time.monotonic()
        status = server.status
        slowest = max(slowest, time.monotonic() - start)
        seen.update(p["state"] for p in status["queue"])
        assert ticket not in json.dumps(status) and ticket not in server.ask("GET", "/")[1].decode()
    assert "checking" in seen and slowest < 5
    assert oct((server.folder / "queue.json").stat().st_mode & 0o777) == "0o600"


def test_invitations(w, tmp_path):
    (tmp_path / "list").write_text("# venues\nfirst-secret-of-a-venue\r\nsecond-secret-of-a-venue\n")
    (tmp_path / "mine").write_text("second-secret-of-a-venue\n")
    with serving(w, tmp_path / "chain", "--tokens", tmp_path / "list") as s:
        p = s.joiner("stranger")
        assert p.wait(timeout=60) == 2 and b"invitation" in p.stderr.read()
        assert finish(s.joiner("venue", "--invitation", tmp_path / "mine"))["contributions"] == 1
    (tmp_path / "list").write_text("short\n")
    r = Ran("ceremony", "serve", w / "circuit", w / "ptau", tmp_path / "chain", "--port", 0, "--tokens", tmp_path / "list")
    assert r.status == 2 and "line 1" in r.err


def test_who_stalls_is_passed_over(w, tmp_path):
    """Neither a holder without a sign of life nor one that sends for ever keeps the turn."""
    with serving(w, tmp_path / "chain", "--idle", 1, "--turn", 3) as s:
        dead = s.place("dead")
        start = time.monotonic()
        assert finish(s.joiner("alive"))["contributions"] == 1
        assert 0.9 < time.monotonic() - start < 30 and s.turn(dead)["state"] == "expired"
        slow = s.place("slow")
        with socket.create_connection(("127.0.0.1", s.port)) as c:
            c.sendall(f"PUT /upload?offset=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {slow}\r\nContent-Length: 1000\r\n\r\n".encode())
            next_one = s.joiner("next")
            with contextlib.suppress(OSError):
                for _ in range(100):
                    c.sendall(b"x")
                    time.sleep(0.1)
                    if s.turn(slow)["state"] == "expired":
                        break
        assert "turn was over" in s.turn(slow)["reason"]
        assert finish(next_one)["contributions"] == 2


def test_a_thousand_connections(w, tmp_path):
    """Of one address, which send nothing or a byte now and then: everybody else is served, and they are cut off."""
    with serving(w, tmp_path / "chain", "--idle", 4, "--per-address", 20, "--connections", 40) as s:
        held = []
        for _ in range(1000):
            c = socket.socket()
            c.bind(("127.0.0.2", 0))
            c.settimeout(5)
            with contextlib.suppress(OSError):
                c.connect(("127.0.0.1", s.port))
                c.sendall(b"GET / HTTP/1.1\r\nX: ")
            held.append(c)
        joiner = s.joiner("honest")
        deadline = time.monotonic() + 7
        while time.monotonic() < deadline:
            for c in held:
                with contextlib.suppress(OSError):
                    c.setblocking(False)
                    c.send(b"y")
            time.sleep(0.3)
        assert finish(joiner)["contributions"] == 1
        alive = 0
        for c in held:
            try:
                c.setblocking(True)
                c.settimeout(1)
                alive += c.recv(1000) != b""
            except TimeoutError:
                alive += 1
            except OSError:
                pass
            c.close()
        assert alive == 0  # although each byte was a sign of life
        assert s.answers()


def test_one_address_does_not_take_all_connections(w, tmp_path):
    with serving(w, tmp_path / "chain", "--per-address", 5, "--connections", 20) as s, contextlib.ExitStack() as held:
        for _ in range(40):
            c = held.enter_context(socket.socket())
            c.bind(("127.0.0.2", 0))
            c.settimeout(5)
            with contextlib.suppress(OSError):
                c.connect(("127.0.0.1", s.port))
                c.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert s.answers()


def test_bad_use(w, tmp_path):
    common = ["ceremony", "serve", w / "circuit", w / "ptau"]
    with serving(w, tmp_path / "chain") as s:
        r = Ran(*common, tmp_path / "chain", "--port", 0)
        assert r.status == 2 and "another process" in r.err
        shutil.copytree(tmp_path / "chain", tmp_path / "copy")
        r = Ran(*common, tmp_path / "copy", "--port", s.port)
        assert r.status == 3 and f"port {s.port}" in r.err
        data = bytearray((w / "0000.zkc").read_bytes())
        data[-1] ^= 1
        (tmp_path / "copy" / "0000.zkc").write_bytes(data)
        r = Ran(*common, tmp_path / "copy", "--port", 0)
        assert r.status in (1, 2) and "0000.zkc" in r.err
        r = Ran("ceremony", "join", s.url, "--name", "a", "--work", tmp_path / "w", "--circuit", w / "circuit")
        assert r.status == 2 and "together" in r.err
        p = s.joiner("a\nb", work=tmp_path / "w")
        assert p.wait(timeout=60) == 2 and b"printable" in p.stderr.read()
        p = s.joiner("c", work=tmp_path / "w")
        assert p.wait(timeout=60) == 2 and b"take another --work" in p.stderr.read()
    assert Ran("ceremony", "join", "ftp://127.0.0.1/", "--name", "a", "--work", tmp_path / "v").status == 2
    r = Ran("ceremony", "join", "http://127.0.0.1:1/", "--name", "a", "--work", tmp_path / "v", "--patience", 1)
    assert r.status == 3 and "again" in r.err


def test_join_refuses_a_wrong_ceremony(w, tmp_path):
    """A participant with circuit and powers does not contribute to points that are not theirs, whatever the coordinator says."""
    good("ceremony", "contribute-ptau", w / "0.ptau", "-o", tmp_path / "other.ptau")
    with serving(w, tmp_path / "chain") as s:
        p = s.joiner("a", "--circuit", w / "circuit", "--ptau", tmp_path / "other.ptau")
        assert p.wait(timeout=60) == 2 and b"another file of powers" in p.stderr.read()
        assert s.status["contributions"] == 0


class Liar:
    """A coordinator that answers what it is told to, whatever is asked."""

    def __init__(self, answers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = answers[self.path.split("?")[0]]
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_lying_coordinators(w, tmp_path):
    good("ceremony", "contribute", w / "0000.zkc", "-o", tmp_path / "0001.zkc", "--name", "x")
    first, second = (w / "0000.zkc").read_bytes(), (tmp_path / "0001.zkc").read_bytes()
    turn = {"state": "turn", "number": 1, "bytes": len(second), "transcript": "0x" + "ab" * 32, "upload_bytes": 2 * len(second) - len(first),
            "received": 0, "idle_seconds": 60}

    def joined(answers, work, status):
        with Liar(answers) as liar:
            r = Ran("ceremony", "join", liar.url, "--name", "x", "--work", tmp_path / work, "--patience", 1)
        assert r.status == status, r.err
        return r.err

    # A file that is not the announced one: of other contributions, or none of a ceremony at all.
    assert "not what the coordinator announced" in joined({"/turn": turn, "/files/0001.zkc": second}, "a", 1)
    assert "ceremony file" in joined({"/turn": turn, "/files/0001.zkc": bytes(len(second))}, "b", 2)
    assert not (tmp_path / "a" / "0001.zkc").exists() and not (tmp_path / "b" / "0001.zkc").exists()
    # An acceptance that its list does not show.
    (tmp_path / "c").mkdir()
    shutil.copy(tmp_path / "0001.zkc", tmp_path / "c" / "mine.zkc")
    accepted = {"/turn": {"state": "accepted", "number": 1}}
    assert "list does not" in joined({**accepted, "/status": {"list": [{"hash": "0x" + "ab" * 32}]}}, "c", 1)
    # A size that no disk holds; terminal codes in a reason; no coordinator at all.
    assert "no room" in joined({"/turn": {**turn, "bytes": 1 << 60}}, "d", 3)
    assert "\x1b" not in joined({"/turn": {"state": "refused", "reason": "\x1b[2J"}}, "e", 1)
    assert "address right" in joined({"/turn": b"<html>"}, "f", 2)


def test_interrupted_join_goes_on(server):
    first = server.place("first")  # so that the joiner waits
    p = server.joiner("a")
    while len(server.status["queue"]) < 2:
        time.sleep(0.02)
    p.send_signal(signal.SIGINT)
    assert p.wait(timeout=30) == 3
    server.ask("DELETE", "/queue", ticket=first)
    assert finish(server.joiner("a"))["contributions"] == 1
    assert [one["name"] for one in server.status["list"]] == ["a"]  # one place, one contribution


def test_participants_killed_at_random_points(w, server):
    """A participant that is killed again and again goes on each time, contributes once, and the queue survives it all."""
    rng = random.Random(3)
    other = None
    for who in range(3):
        kills = 0
        while True:
            p = server.joiner(f"v{who}")
            time.sleep(rng.uniform(0, 0.25))
            if p.poll() is not None:
                break
            p.send_signal(signal.SIGKILL)
            p.wait()
            kills += 1
            if kills > 15:
                other = server.joiner(f"v{who}")
                finish(other)
                break
    names = [one["name"] for one in server.verify()["list"]]
    # Who was killed between its acceptance and the end of its run joins once more in the next.
    assert set(names) == {"v0", "v1", "v2"} and len(names) <= 6


def test_server_killed_at_random_points(w, tmp_path):
    """Nothing that anybody was told to be accepted is lost; participants go on by themselves."""
    rng = random.Random(4)
    s = Server(w, tmp_path / "chain", "--idle", 60).start()
    told = []

    def participant(name):
        for i in range(3):
            told.append(finish(s.joiner(f"{name}{i}", "--patience", 200))["transcript"])

    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = [pool.submit(participant, name) for name in "ab"]
        for _ in range(35):
            time.sleep(rng.uniform(0, 0.9))
            s.stop(signal.SIGKILL)
            s.start(wait=False)
            if all(r.done() for r in runs):
                break
        while not s.answers():
            time.sleep(0.05)
        for r in runs:
            r.result()
    listed = [one["hash"] for one in s.verify()["list"]]
    assert len(listed) == len(told) == 6 and set(told) == set(listed)
    s.stop()


def test_full_disk_harms_nobody(w, tmp_path):
    if not shutil.which("prlimit"):
        pytest.skip("prlimit is missing")
    with serving(w, tmp_path / "chain") as s:
        subprocess.run(["prlimit", f"--pid={s.process.pid}", "--fsize=100000"], check=True)
        ticket = s.place("a")
        assert s.put(s.next("a"), ticket)[0] == 500 and s.answers()
        subprocess.run(["prlimit", f"--pid={s.process.pid}", "--fsize=unlimited"], check=False)
    s.start()
    assert s.put(s.next("a"), ticket)[0] == 200 and s.until(ticket, "accepted", "refused")["state"] == "accepted"
    s.stop()
