"""
Many threads may call the library first thing after its import: what is built on first use is built
once.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "govinfo_schema"
PROCESSES: Final = [
    *range(3),
    *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(3, 20)),
    *(pytest.param(seed, marks=pytest.mark.full) for seed in range(20, 100)),
]

FIRST_CALLS: Final = """
import random, sys, threading
from pathlib import Path
from typing import Any, Callable

import govinfo_schema as gs

sys.setswitchinterval(1e-6)
text = Path("docs/examples/2024-suqian-shizhengfu.json").read_bytes()
spoilt = Path(sys.argv[2]).read_bytes()
page = sys.argv[3]


def load() -> Any:
    return gs.loads(text), gs.loads(spoilt)


def check() -> Any:
    return gs.check(gs.loads(spoilt)).to_dict()


def locate() -> Any:
    return [(each.changes, each.reason) for each in gs.locate(gs.loads(spoilt))]


def plausible() -> Any:
    return [each.to_dict() for each in gs.plausible(gs.loads(text))]


def read() -> Any:
    reading = gs.read(page)
    return reading.report, [each.to_dict() for each in reading.findings]


def schema() -> Any:
    return gs.json_schema("2021"), gs.json_schema("2019")


def plain() -> Any:
    old = gs.to_dict(gs.blank("2019", year=2020, body="x"))
    new = gs.to_dict(gs.blank("2021", year=2024, body="x"))
    return gs.from_dict(old), gs.dumps(gs.from_dict(new))


calls: list[Callable[[], Any]] = [load, check, locate, plausible, read, schema, plain]
dice = random.Random(int(sys.argv[1]))
# One build by all threads at once is the hardest case; the others mix them.
chosen = [load] * 16 if int(sys.argv[1]) % 3 == 0 else [dice.choice(calls) for _ in range(16)]
gate = threading.Barrier(16)
answers: list[Any] = [None] * 16
errors: list[BaseException] = []


def run(number: int) -> None:
    gate.wait()
    try:
        answers[number] = chosen[number]()
    except BaseException as error:
        errors.append(error)


threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(100)
assert not any(thread.is_alive() for thread in threads), "deadlock"
assert not errors, errors
for call, answer in zip(chosen, answers):
    assert answer == call(), call
print("equal")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Write a report with a wrong figure, and a page to read."""
    import govinfo_schema as gs

    folder = tmp_path_factory.mktemp("threads")
    report = gs.loads((ROOT / "docs/examples/2024-suqian-shizhengfu.json").read_bytes())
    spoilt, page = folder / "spoilt.json", folder / "page.docx"
    spoilt.write_bytes(
        gs.dumps(gs.replace(report, {"applications.outcomes.granted.natural_person": 9}))
    )
    gs.write(report, page)
    return str(spoilt), str(page)


@pytest.mark.parametrize("seed", PROCESSES)
def test_first_calls_of_sixteen_threads(seed: int, files: tuple[str, str]) -> None:
    """
    Sixteen threads of a fresh process that call the library at once get the answers that one thread
    gets; none crashes or waits.
    """
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALLS, str(seed), *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (0, "equal\n"), done.stderr


def test_nothing_is_built_on_import() -> None:
    """
    No module builds anything while it is imported: it would wait for the lock while another thread
    waits for the import.
    """
    names = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in PACKAGE.rglob("*.py")
    )
    code = f"""
import importlib, importlib.util, sys

class Lock:
    def __enter__(self): raise AssertionError("built or imported on first use, on import")
    def __exit__(self, *_): pass

name = "govinfo_schema.data.once"
spec = importlib.util.spec_from_file_location(name, "govinfo_schema/data/once.py")
once = sys.modules[name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(once)
once.LOCK = Lock()
for name in {[name for name in names if not name.endswith("__main__")]}:
    importlib.import_module(name)
print("imported")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "imported\n", done.stderr


def test_what_is_built_is_built_once() -> None:
    """
    No module keeps what it builds by ``functools.cache``, which runs twice where two threads are
    first, but for one within a call.
    """
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        cached = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
            and any(
                isinstance(mark, ast.Name) and mark.id == "cache" for mark in node.decorator_list
            )
        ]
        assert not cached or path.name == "making.py", f"{path.name}: {cached}"
