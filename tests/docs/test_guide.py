"""The commands of docs/guide.md do what the page says, typed one after the other, on fewer rows than a reader has."""
import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(ROOT, "build")))
ROWS = 40
FEWER = (("--capacity 1024", "--capacity 64"), ("--min-samples 1000", f"--min-samples {ROWS}"))


def commands(page):
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as f:
        return re.findall(r"^```sh\n(.*?)^```", f.read(), re.M | re.S)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A folder that looks like a clone in which make has run, with a short validation.csv."""
    top = tmp_path_factory.mktemp("clone")
    (top / "build").mkdir()
    os.symlink(os.path.join(BUILD, "zkmetric"), top / "build" / "zkmetric")
    shutil.copytree(os.path.join(ROOT, "examples", "hedge"), top / "examples" / "hedge")
    data = top / "examples" / "hedge" / "validation.csv"
    data.write_text("".join(data.read_text().splitlines(True)[: ROWS + 1]))
    return top


@pytest.fixture(scope="module")
def walked(clone):
    text = "set -eux\n" + "\n".join(commands("guide.md"))
    for many, few in FEWER:
        assert many in text
        text = text.replace(many, few)
    ran = subprocess.run(["bash", "-c", text], cwd=clone, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_every_command_is_done(walked):
    assert walked.count("accepted: verdict 1") == 2 and "accepted: all 2 proofs" in walked


def test_what_is_public_and_what_is_not(walked, clone):
    public = set(os.listdir(clone / "federation" / "public"))
    assert {"schema.json", "circuit.zkm", "pk.zkm", "vk.zkm", "proof.json", "proof.bin", "venue-dataset.json"} <= public
    assert not any("opening" in name or name.endswith((".csv", ".onnx")) for name in public)
    assert (clone / "federation" / "venue" / "opening" / "opening.zkm").stat().st_mode & 0o777 == 0o600


def test_the_readme_has_the_same_verbs_and_options(walked):
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        readme = f.read().replace("\\\n", " ")
    for line in re.findall(r"^zkmetric ([a-z-]+)(.*)$", readme, re.M):
        helped = subprocess.run([os.path.join(BUILD, "zkmetric"), line[0], "--help"], capture_output=True, text=True)
        assert helped.returncode == 0, line
        for flag in re.findall(r"--[a-z-]+", line[1].split("#")[0]):
            assert flag in helped.stdout, (line, flag)


def test_links_lead_somewhere():
    for folder, _, names in os.walk(ROOT):
        if os.path.relpath(folder, ROOT).split(os.sep)[0] not in (".", "docs", "examples"):
            continue
        for name in names:
            if not name.endswith(".md"):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                text = re.sub(r"^```.*?^```", "", f.read(), flags=re.M | re.S)
            for link in re.findall(r"\]\(([^)]+)\)", text):
                path, _, anchor = link.partition("#")
                if "://" in link:
                    continue
                target = os.path.normpath(os.path.join(folder, path)) if path else os.path.join(folder, name)
                assert os.path.exists(target), f"{name}: {link}"
                if anchor:
                    with open(target, encoding="utf-8") as f:
                        heads = re.findall(r"^#+ (.*)$", f.read(), re.M)
                    assert anchor in [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in heads], f"{name}: {link}"
