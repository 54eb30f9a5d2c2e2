#!/usr/bin/env python3
"""Runs a federation on this machine and prints what became of every reply.

    demo.py [--rounds N] [--rows N] [--venues KIND,...] [FOLDER]

One SuperLink and a SuperNode for each venue are started as processes of their own, each venue with rows of its own
(examples/hedge/market.py). KINDs are honest, labels, replay and weight; by default two honest venues and one of each
other kind. Work goes to FOLDER (demo-out/federation). The exit status is 0 when the run has finished, every honest
reply was accepted and every dishonest one refused for its lie.
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import zkmetric

HERE = pathlib.Path(__file__).resolve().parent
HEDGE = HERE.parent / "hedge"
sys.path.insert(0, str(HEDGE))
import market  # noqa: E402

# Kinds of venues, and how the reason begins for which their replies are refused.
KINDS = {
    "honest": "",
    "labels": "dataset_id:",
    "replay": "context:",
    "weight": "proof: the pairing",
}
TRAINING_ROWS = 400
BIN = pathlib.Path(sys.executable).parent


def say(text):
    print(text, flush=True)


def publish(public, rows):
    """What the aggregator makes once: circuit and keys for the network, on rows of its own."""
    public.mkdir(parents=True)
    shutil.copy(HEDGE / "model.onnx", public)
    calibration = np.loadtxt(HEDGE / "calibration.csv", delimiter=",", skiprows=1)
    schema = zkmetric.Schema.propose_files(HEDGE / "calibration.csv", targets=[market.TARGET])
    # Weights move from round to round: they get room.
    circuit = zkmetric.Circuit.compile(
        public / "model.onnx",
        schema,
        calibration[:, :-1],
        calibration[:, -1],
        capacity=rows,
        headroom=4,
    )
    circuit.write(public / "circuit.zkm")
    started = time.monotonic()
    zkmetric.setup(circuit, public)
    say(
        f"circuit of {circuit.constraints:,} constraints, keys in {time.monotonic() - started:.1f} s"
    )


def write_rows(path, rows, seed):
    x, y = market.simulate(rows, seed)
    # Within what calibration rows have shown, twice: a venue whose market moves further needs a new circuit.
    calibration = np.loadtxt(HEDGE / "calibration.csv", delimiter=",", skiprows=1)[:, :-1]
    x = np.clip(x, 1.9 * calibration.min(0).clip(max=0), 1.9 * calibration.max(0))
    with open(path, "w", newline="") as f:
        table = csv.writer(f)
        table.writerow([*market.FEATURES, market.TARGET])
        table.writerows(np.column_stack([x, y]).round(5).tolist())


def free_ports(n):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Federation:
    """The processes, which end with the with-statement."""

    def __init__(self, folder, kinds, rows):
        self.folder, self.rows = folder, rows
        self.public = folder / "public"
        self.venues = {f"venue-{i + 1}": kind for i, kind in enumerate(kinds)}
        self.processes = []
        flower = folder / "flower"
        self.environment = {
            **os.environ, "FLWR_HOME": str(flower), "FLWR_TELEMETRY_ENABLED": "0",
            "FLWR_DISABLE_RUNTIME_DEPENDENCY_INSTALLATION": "1", "PYTHONUNBUFFERED": "1",
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        # A process a message: none of them should take all processors at once.
        self.environment.setdefault("OMP_NUM_THREADS", "1")

    def start(self, name, command):
        log = open(self.folder / f"{name}.log", "w")
        self.processes.append(subprocess.Popen(
            [str(c) for c in command], stdout=log, stderr=subprocess.STDOUT,
            env=self.environment, start_new_session=True,
        ))  # fmt: skip

    def __enter__(self):
        try:
            self.start_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start_all(self):
        port, *ports = free_ports(1 + len(self.venues))
        (self.folder / "flower").mkdir()
        (self.folder / "flower" / "config.toml").write_text(
            f'[superlink]\ndefault = "demo"\n\n[superlink.demo]\naddress = "127.0.0.1:{port}"\ninsecure = true\n'
        )
        self.start("superlink", [
            BIN / "flower-superlink", "--insecure", "--host", "127.0.0.1", "--port", port,
        ])  # fmt: skip
        self.await_port(port)
        for i, (venue, kind) in enumerate(self.venues.items()):
            source = self.folder / f"{venue}.csv"
            write_rows(source, TRAINING_ROWS + self.rows, seed=100 + i)
            self.start(venue, [
                sys.executable, HERE / "client.py", venue, f"127.0.0.1:{port}", source,
                "--public", self.public, "--home", self.folder / venue, "--validate", self.rows,
                "--port", ports[i], "--cheat", "none" if kind == "honest" else kind,
            ])  # fmt: skip

    def await_port(self, port):
        for _ in range(3000):
            if self.processes[-1].poll() is not None:
                sys.exit(f"demo.py: the SuperLink ended; see {self.folder / 'superlink.log'}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("demo.py: the SuperLink does not answer")

    def flower(self, *arguments):
        command = [str(BIN / "flwr"), *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)

    def run(self, rounds, timeout):
        """Submits the app; the run's status when it has ended, as flwr list has it."""
        settings = {
            "public": f'"{self.public}"', "venues": f'"{",".join(self.venues)}"', "rounds": rounds,
            "min-samples": self.rows,
        }  # fmt: skip
        config = " ".join(f"{k}={v}" for k, v in settings.items())
        submitted = self.flower("run", HERE, "demo", "--run-config", config)
        if submitted.returncode != 0:
            sys.exit(f"demo.py: flwr run: {submitted.stdout}{submitted.stderr}")
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            # flwr run and its exit status say nothing about how a run ended.
            listed = self.flower("list", "demo", "--format", "json")
            (self.folder / "flwr-list.json").write_text(listed.stdout)
            runs = json.loads(listed.stdout).get("runs", []) if listed.returncode == 0 else []
            if runs and runs[0]["status"].startswith("finished"):
                logged = self.flower("log", runs[0]["run-id"], "demo", "--show")
                (self.folder / "server_app.log").write_text(logged.stdout + logged.stderr)
                return runs[0]["status"]
            dead = [p for p in self.processes if p.poll() is not None]
            if dead:
                return f"a process ended with status {dead[0].returncode}"
            time.sleep(1)
        return f"not finished after {timeout} s"

    def __exit__(self, *_):
        for how in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes:
                # Each leads a session with the processes that Flower started for messages.
                try:
                    os.killpg(process.pid, how)
                except ProcessLookupError:
                    pass
            for process in self.processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    pass


def table(report, kinds):
    """Prints every decision, and what the proofs cost."""
    say(
        f"\n  {'round':<7}{'venue':<10}{'kind':<9}{'phase':<10}{'weight':>7}{'verdict':>9}{'proof':>9}  decision"
    )
    for d in report["decisions"]:
        shown = "accepted" if d["accepted"] else f"refused: {d['reason']}"
        seconds = f"{d['seconds']:.1f} s" if d["seconds"] else ""
        verdict = "" if d["verdict"] is None else d["verdict"]
        weight = d["num_samples"] or ""
        say(
            f"  {d['round']:<7}{d['venue']:<10}{kinds[d['venue']]:<9}{d['phase']:<10}{weight:>7}{verdict:>9}{seconds:>9}  {shown[:110]}"
        )
    began = report["began"]
    say(f"\n  {'round':<7}{'seconds':>9}{'of them a proof':>17}{'RMSE where counted':>20}")
    for i, (a, b) in enumerate(zip(began, began[1:]), 1):
        proofs = [d["seconds"] for d in report["decisions"] if d["round"] == i and d["seconds"]]
        longest = f"{max(proofs):.1f}" if proofs else ""
        rmse = report["rmse"].get(str(i))
        say(f"  {i:<7}{b - a:>9.1f}{longest:>17}{rmse if rmse is None else f'{rmse:.4f}':>20}")


def as_expected(report, kinds, rounds):
    """In every round and phase honest replies counted and all others did not, where they prove for their lie."""
    found = {(d["round"], d["phase"], d["venue"]): d for d in report["decisions"]}
    expected = {
        (r, phase, venue): kind
        for r in range(1, rounds + 1) for phase in ("train", "evaluate") for venue, kind in kinds.items()
    }  # fmt: skip
    return found.keys() == expected.keys() and all(
        d["accepted"] == (expected[place] == "honest")
        and (place[1] != "train" or d["reason"].startswith(KINDS[expected[place]]))
        for place, d in found.items()
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--venues", default="honest,honest,labels,replay,weight")
    parser.add_argument("--timeout", type=int, default=1200)
    parser.add_argument("folder", nargs="?", default="demo-out/federation")
    options = parser.parse_args()
    kinds = options.venues.split(",")
    if not set(kinds) <= set(KINDS):
        parser.error(f"--venues: kinds are {', '.join(KINDS)}")
    folder = pathlib.Path(options.folder).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    publish(folder / "public", options.rows)
    with Federation(folder, kinds, options.rows) as federation:
        say(f"{len(kinds)} venues, {options.rounds} rounds; logs in {folder}")
        status = federation.run(options.rounds, options.timeout)
    say(f"flwr list: {status}")
    if status != "finished:completed":
        for name in ("superlink.log", "server_app.log"):
            if (folder / name).exists():
                say((folder / name).read_text()[-3000:])
        sys.exit(1)
    report = json.loads((folder / "report.json").read_text())
    table(report, federation.venues)
    good = as_expected(report, federation.venues, options.rounds)
    say(
        f"\n  every honest reply counted, every other was refused for its lie: {'yes' if good else 'NO'}"
    )
    sys.exit(not good)


if __name__ == "__main__":
    main()
