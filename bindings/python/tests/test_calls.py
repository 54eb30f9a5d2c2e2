"""Long calls: progress, stopping, Ctrl-C, threads, fork, and memory that comes back."""

import gc
import os
import resource
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import zkmetric
from helpers import CONTEXT, HEDGE

LIMIT = 1.0  # seconds in which a call must stop


@pytest.fixture(scope="module")
def large(hedge):
    """The example at capacity 128, whose setup takes some seconds of one thread."""
    _, rows, _ = hedge
    schema = zkmetric.Schema.propose(rows[:, :25], rows[:, 25])
    return zkmetric.Circuit.compile(
        HEDGE / "model.onnx", schema, rows[:, :25], rows[:, 25], capacity=128
    )


@pytest.fixture
def interrupted():
    """Sends SIGINT to this process after some seconds."""
    timers = []

    def after(seconds):
        timers.append(threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)))
        timers[-1].start()
        return time.monotonic() + seconds

    yield after
    for timer in timers:
        timer.join()


def test_progress_of_every_call(world, tmp_path):
    seen = []

    def record(stage, done, total):
        assert threading.current_thread() is threading.main_thread()
        assert stage and 0 <= done <= total
        seen.append((stage, done / total))

    arrays = (world.features, world.targets)
    circuit = zkmetric.Circuit.compile(
        world.model, world.schema, *arrays, capacity=8, bits=8, progress=record
    )
    assert circuit.digest == world.circuit.digest
    assert "quantising" in {s for s, _ in seen}
    for call in (
        lambda: zkmetric.setup(circuit, tmp_path / "k", progress=record),
        lambda: zkmetric.prove(
            circuit, world.key, world.model, world.dataset, threshold=1, context=CONTEXT,
            progress=record,
        ),
        lambda: circuit.evaluate(world.model, *arrays, progress=record),
    ):  # fmt: skip
        seen.clear()
        call()
        assert seen and [f for _, f in seen] == sorted(f for _, f in seen)


def test_progress_bar(world, capsys, monkeypatch):
    circuit, arrays = world.circuit, (world.features, world.targets)
    circuit.evaluate(world.model, *arrays, progress=True)
    assert "evaluating" in capsys.readouterr().err  # tqdm
    monkeypatch.setitem(sys.modules, "tqdm", None)
    circuit.evaluate(world.model, *arrays, progress=True)
    assert capsys.readouterr().err == "zkmetric: evaluating\n"
    circuit.evaluate(world.model, *arrays, progress=False)
    assert capsys.readouterr().err == ""


def test_returning_false_stops(large, tmp_path):
    started = time.monotonic()
    with pytest.raises(zkmetric.Cancelled) as caught:
        zkmetric.setup(
            large, tmp_path / "k", threads=1, progress=lambda stage, done, total: done < 80
        )
    assert caught.value.code == zkmetric.Status.CANCELLED
    assert not (tmp_path / "k" / "pk.zkm").exists()
    stopped = []

    def stop(stage, done, total):
        stopped.append(time.monotonic())
        return False

    with pytest.raises(zkmetric.Cancelled):
        zkmetric.setup(large, tmp_path / "k", threads=1, progress=stop)
    assert len(stopped) == 1 and time.monotonic() - stopped[0] < LIMIT
    assert time.monotonic() - started < 30


def test_what_the_callback_raises_comes_out(world):
    class Own(BaseException):
        pass

    def fail(stage, done, total):
        raise Own(stage)

    with pytest.raises(Own, match="measuring"):
        zkmetric.prove(
            world.circuit, world.key, world.model, world.dataset, threshold=1, context=CONTEXT,
            progress=fail,
        )  # fmt: skip
    again = zkmetric.prove(
        world.circuit, world.key, world.model, world.dataset, threshold=1, context=CONTEXT
    )
    zkmetric.verify(world.verifying_key, again)


@pytest.mark.parametrize("after", [0.2, 1.0])
def test_ctrl_c_in_setup(large, tmp_path, interrupted, after):
    sent = interrupted(after)
    with pytest.raises(KeyboardInterrupt):
        zkmetric.setup(large, tmp_path / "k", threads=1)
    assert 0 <= time.monotonic() - sent < LIMIT
    assert not (tmp_path / "k" / "pk.zkm").exists()


@pytest.mark.parametrize("name", ["compile", "evaluate", "commit"])
def test_ctrl_c_in_calls_about_many_rows(hedge, large, interrupted, name):
    _, rows, _ = hedge
    rows = np.tile(rows, (1000, 1))
    features, targets = np.ascontiguousarray(rows[:, :25]), rows[:, 25].copy()
    model = HEDGE / "model.onnx"
    calls = {
        "compile": lambda: zkmetric.Circuit.compile(
            model, large.schema, features, targets, capacity=1, threads=1
        ),
        "evaluate": lambda: large.evaluate(model, features, targets, threads=1),
        "commit": lambda: zkmetric.Dataset.commit(large.schema, features, targets),
    }
    sent = interrupted(0.3)
    with pytest.raises(KeyboardInterrupt):
        calls[name]()
    assert time.monotonic() - sent < LIMIT


@pytest.fixture(scope="module")
def batch_of(world):
    """Proofs whose verification as one batch takes some seconds."""
    some = [world.proof] * 500
    started = time.process_time()  # which other work on the machine does not stretch
    zkmetric.verify_batch(world.verifying_key, some)
    per_proof = (time.process_time() - started) / len(some)
    return lambda seconds: [world.proof] * int(seconds / per_proof)


def test_ctrl_c_where_the_library_asks_nobody(world, batch_of, interrupted):
    """verify_batch has no progress: the call is left behind, and what it held is freed later."""
    many = batch_of(seconds=3)
    sent = interrupted(0.3)
    with pytest.raises(KeyboardInterrupt):
        zkmetric.verify_batch(world.verifying_key, many)
    assert time.monotonic() - sent < LIMIT
    assert zkmetric.verify_batch(world.verifying_key, many[:3])


def test_ctrl_c_in_a_long_proof(large_proof, interrupted):
    sent = interrupted(0.5)
    with pytest.raises(KeyboardInterrupt):
        large_proof()
    assert time.monotonic() - sent < LIMIT


@pytest.fixture(scope="module")
def large_proof(hedge, large, tmp_path_factory):
    """A proof about 128 samples, which takes a second and more of one thread."""
    _, rows, _ = hedge
    folder = tmp_path_factory.mktemp("large")
    zkmetric.setup(large, folder)
    key = zkmetric.ProvingKey(folder / "pk.zkm", large)
    dataset = zkmetric.Dataset.commit(large.schema, rows[:128, :25], rows[:128, 25])
    return lambda: zkmetric.prove(
        large, key, HEDGE / "model.onnx", dataset, threshold=0.05, context=CONTEXT, threads=1
    )


def test_another_signal_handler_runs_meanwhile(large_proof):
    """A handler that returns lets the call go on."""
    ran = []
    before = signal.signal(signal.SIGALRM, lambda *_: ran.append(time.monotonic()))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
        large_proof()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(ran) >= 4


def test_other_python_threads_run_meanwhile(large_proof):
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        large_proof()
    finally:
        done.set()
        thread.join()
    assert max(b - a for a, b in zip(ticks, ticks[1:])) < 0.5 and len(ticks) > 30


def test_calls_from_many_threads(world):
    """Handles are shared and never changed: concurrent calls give what single ones do."""
    failures = []

    def work(i):
        try:
            proof = zkmetric.prove(
                world.circuit, world.key, world.model, world.dataset, threshold=1,
                context=f"{i:064x}", threads=1,
            )  # fmt: skip
            for _ in range(20):
                zkmetric.verify(world.verifying_key, proof, context=f"{i:064x}")
                world.dataset.check(world.schema, world.features, world.targets)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_ctrl_c_ends_a_program():
    """The call ends in time, and the program soon after, in the middle of a setup that takes four times as much."""
    code = f"""
import zkmetric, numpy as np
rows = np.loadtxt({str(HEDGE / "calibration.csv")!r}, delimiter=",", skiprows=1)
schema = zkmetric.Schema.propose(rows[:, :25], rows[:, 25])
circuit = zkmetric.Circuit.compile({str(HEDGE / "model.onnx")!r}, schema, rows[:, :25], rows[:, 25], capacity=1024)
print("ready", flush=True)
import tempfile
with tempfile.TemporaryDirectory() as folder:
    try:
        zkmetric.setup(circuit, folder, threads=1)
    finally:
        print("ended", flush=True)
"""
    program = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout.readline() == "ready\n"
    time.sleep(0.7)
    sent = time.monotonic()
    program.send_signal(signal.SIGINT)
    assert program.stdout.readline() == "ended\n"
    assert time.monotonic() - sent < LIMIT + 0.5
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, errors = program.communicate(timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 4
    assert "KeyboardInterrupt" in errors and program.returncode in (-signal.SIGINT, 130)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_fork(world):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            proof = zkmetric.prove(
                world.circuit, world.key, world.model, world.dataset, threshold=1, context=CONTEXT
            )
            zkmetric.verify(world.verifying_key, proof)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    zkmetric.verify(world.verifying_key, world.proof)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_fork_with_an_abandoned_call(world, batch_of, interrupted):
    interrupted(0.2)
    with pytest.raises(KeyboardInterrupt):
        zkmetric.verify_batch(world.verifying_key, batch_of(seconds=2))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            zkmetric.verify_batch(world.verifying_key, [world.proof])
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def refused(call, *arguments, **more):
    with pytest.raises((zkmetric.Error, ValueError, TypeError)):
        call(*arguments, **more)


LEAKS = {
    "verify": (400, lambda w: zkmetric.verify(w.verifying_key, w.proof, context=CONTEXT)),
    "rejected": (400, lambda w: refused(zkmetric.verify, w.verifying_key, w.proof, min_samples=9)),
    "batch": (100, lambda w: zkmetric.verify_batch(w.verifying_key, [w.proof] * 20)),
    "forms": (1000, lambda w: zkmetric.Proof.from_json(w.proof.to_json()).to_calldata()),
    "no proof": (2000, lambda w: refused(zkmetric.Proof.from_bytes, b"{" + bytes(300))),
    "commit": (
        300,
        lambda w: zkmetric.Dataset.commit(w.schema, np.ones((500, 4)) / 2, np.ones(500) / 2),
    ),
    "bad rows": (
        1000,
        lambda w: refused(zkmetric.Dataset.commit, w.schema, np.ones((500, 4)) * 1e9, np.ones(500)),
    ),
    "bad names": (
        1000,
        lambda w: refused(
            zkmetric.Schema.propose, np.ones((50, 4)), np.ones(50), feature_names=["a\0"] * 4
        ),
    ),
    "schema": (1000, lambda w: zkmetric.Schema.propose(w.features, w.targets)),
    "model": (500, lambda w: zkmetric.Model(w.model)),
    "evaluate": (200, lambda w: w.circuit.evaluate(w.model, w.features, w.targets)),
    "compile": (
        6,
        lambda w: zkmetric.Circuit.compile(
            w.model, w.schema, w.features, w.targets, capacity=8, bits=8
        ),
    ),
    "prove": (
        4,
        lambda w: zkmetric.prove(
            w.circuit, w.key, w.model, w.dataset, threshold=1, context=CONTEXT
        ),
    ),
    "stopped": (
        10,
        lambda w: refused(
            zkmetric.prove, w.circuit, w.key, w.model, w.dataset, threshold=1, context=CONTEXT,
            progress=lambda *a: False,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_memory_comes_back(world, name):
    """A leak takes more with every round of calls; allocators, whose arenas go by threads, do not."""
    count, call = LEAKS[name]

    def repeat():
        for _ in range(count):
            call(world)
        gc.collect()
        return resident(), len(gc.get_objects())

    repeat()
    rounds = [repeat() for _ in range(2)]
    while rounds[-1][0] - rounds[-2][0] >= (1 << 19) + 64 * count and len(rounds) < 6:
        rounds.append(repeat())
    assert rounds[-1][0] - rounds[-2][0] < (1 << 19) + 64 * count, "memory grows"
    assert rounds[-1][1] - rounds[-2][1] < 50, "objects stay"
