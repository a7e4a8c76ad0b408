"""
Measure the library on one complete report, its peers beside it in the same run, and print the
ratios against their targets.

Run it as ``python benchmarks/one_report.py``; ``benchmarks/README.md`` says what is measured and
how. A target that is not reached is printed, and is no failure.
"""

from __future__ import annotations

import functools
import gc
import itertools
import operator
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

import attrs
import jsonschema
import jsonschema_rs
import msgspec
import orjson
import pydantic

import govinfo_schema as gs
from govinfo_schema.report.access import form_of
from govinfo_schema.report.values import MAX_AMOUNT

EXAMPLE: Final = Path(__file__).parents[1] / "docs" / "examples" / "2024-suqian-shizhengfu.json"
ROUNDS: Final = 60
IMPORT_ROUNDS: Final = 25
BATCH_NANOSECONDS: Final = 5_000_000
BOUNDS: Final = ("ge", "le", "min_length", "max_length", "pattern")
PACKAGES: Final = (
    "attrs",
    "cattrs",
    "jsonschema",
    "jsonschema-rs",
    "msgspec",
    "orjson",
    "pydantic",
)


class Target(NamedTuple):
    """How many times as long as its peer something of ours may take."""

    ours: str
    peer: str
    most: float


TARGETS: Final = (
    Target("govinfo_schema.loads", "pydantic model_validate_json", 0.8),
    Target("govinfo_schema.loads", "orjson.loads", 3.0),
    Target("govinfo_schema.check", "orjson.loads", 1.0),
    Target("govinfo_schema.dumps", "orjson.dumps", 2.5),
    Target("govinfo_schema.dumps", "pydantic model_dump_json", 1.0),
    Target("import govinfo_schema", "import attrs, cattrs, msgspec", 1.5),
)


# ---- the peer: our classes as pydantic models ---------------------------------------------------


@functools.cache
def peer_model(cls: Any) -> type[pydantic.BaseModel]:
    """Make the pydantic model with the fields of an attrs class: closed, frozen and strict."""
    fields: dict[str, Any] = {
        field.name: (peer_type(field.type), ...) for field in attrs.fields(cls)
    }
    config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)
    return pydantic.create_model(cls.__name__, __config__=config, **fields)


def peer_type(hint: Any) -> Any:
    """
    Translate a type of our model for pydantic; the bounds stay, and an amount gets those that
    ``loads`` holds it to.
    """
    arguments = get_args(hint)
    kind: Any = gs.OtherHandling if isinstance(hint, TypeVar) else get_origin(hint) or hint
    if attrs.has(kind):
        return peer_model(kind)
    if kind is Decimal:
        return Annotated[Decimal, pydantic.Field(ge=0, le=MAX_AMOUNT)]
    if kind is Annotated:
        bounds: dict[str, Any] = {name: getattr(arguments[1], name) for name in BOUNDS}
        return Annotated[
            arguments[0],
            pydantic.Field(**{name: bound for name, bound in bounds.items() if bound is not None}),
        ]
    if kind is tuple:
        item: Any = peer_type(arguments[0])
        return tuple[item, ...]
    return (
        functools.reduce(operator.or_, map(peer_type, arguments))
        if kind in (Union, types.UnionType)
        else hint
    )


@functools.cache
def twin(cls: Any) -> type[msgspec.Struct]:
    """Make the closed, frozen Struct of msgspec with the fields and bounds of an attrs class."""
    fields = [(field.name, twin_type(field.type)) for field in attrs.fields(cls)]
    return msgspec.defstruct(cls.__name__, fields, forbid_unknown_fields=True, frozen=True)


def twin_type(hint: Any) -> Any:
    """Translate a type of our model for the Structs."""
    arguments = get_args(hint)
    kind: Any = gs.OtherHandling if isinstance(hint, TypeVar) else get_origin(hint) or hint
    if attrs.has(kind):
        return twin(kind)
    if kind is tuple:
        return tuple[twin_type(arguments[0]), ...]  # type: ignore[misc]
    if kind in (Union, types.UnionType):
        return functools.reduce(operator.or_, map(twin_type, arguments))
    return hint


def checked_by_hand() -> Callable[[bytes], object]:
    """
    Return what a program by hand does: decode into the Structs, and write out the sum of each
    equation. It leaves out what ``loads`` checks besides, and knows no blank figure.
    """
    of = form_of(gs.blank("2021", year=2024, body="某市人民政府"))
    sums = ", ".join(
        f"{' + '.join(f'r.{cell}' for cell in each.left)} == "
        f"{' + '.join(f'r.{cell}' for cell in each.right)}"
        for each in of.equations
    )
    decode = msgspec.json.Decoder(twin(gs.Report2021)).decode
    check: Callable[[Any], tuple[bool, ...]] = eval(f"lambda r: ({sums})")  # noqa: S307 (our own ids)
    return lambda text: check(decode(text))


def verify(peer: type[pydantic.BaseModel], text: bytes) -> None:
    """
    Make sure that the peer does the same work: it reads the same values, and refuses what ``loads``
    refuses.

    Raises: RuntimeError if it does not, for then the times say nothing.
    """
    plain = gs.to_dict(gs.loads(text))
    if peer.model_validate_json(text).model_dump() != plain | {"notes": tuple(plain["notes"])}:
        raise RuntimeError("pydantic reads other values from the report than loads; mend peer_type")
    faults: tuple[tuple[str, str, Any], ...] = (
        ("disputes.reconsideration", "unknown", 1),
        ("disputes.reconsideration", "upheld", -1),
        ("disputes.reconsideration", "upheld", 2**53),
        ("disputes.reconsideration", "upheld", "5"),
        ("applications.outcomes.other_handling.other", "total", True),
        ("proactive.administrative_fees", "amount", -1),
        ("body", "level", "city"),
        ("body", "division_code", "3213"),
    )
    for path, key, value in faults:
        spoilt = orjson.loads(text)
        functools.reduce(operator.getitem, path.split("."), spoilt)[key] = value
        for name, read, refusal in (
            ("loads", gs.loads, gs.InvalidReport),
            ("pydantic", peer.model_validate_json, pydantic.ValidationError),
        ):
            try:
                read(orjson.dumps(spoilt))
            except refusal:
                continue
            raise RuntimeError(f"{name} accepts {value!r} for {path}.{key}; mend peer_type")


# ---- taking the time ----------------------------------------------------------------------------


def batch(call: Callable[[Any], object], argument: object, size: int) -> float:
    """Give the nanoseconds of one call, over a batch of them without garbage collection."""
    gc.disable()
    try:
        begin = time.perf_counter_ns()
        for _ in itertools.repeat(None, size):
            call(argument)
        return (time.perf_counter_ns() - begin) / size
    finally:
        gc.enable()


def time_calls(
    contenders: Mapping[str, tuple[Callable[[Any], object], object]],
) -> dict[str, float]:
    """
    Time the contenders in turn, round by round. Unit: µs for one call, the median of the faster
    half of the rounds.
    """
    for call, argument in contenders.values():
        batch(call, argument, 10)
    sizes = {
        name: max(1, round(BATCH_NANOSECONDS / batch(*contender, 10)))
        for name, contender in contenders.items()
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            times[name].append(batch(*contender, sizes[name]))
    return {
        name: statistics.median(sorted(taken)[: ROUNDS // 2]) / 1000
        for name, taken in times.items()
    }


def time_imports(statements: tuple[str, ...]) -> dict[str, float]:
    """
    Time import statements in turn, each in a fresh process with compiled bytecode at hand. Unit:
    µs, the median.
    """
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        }
        environment["PYTHONPYCACHEPREFIX"] = folder
        for number in range(IMPORT_ROUNDS + 1):
            for statement in statements:
                code = (
                    f"import time; begin = time.perf_counter_ns(); {statement}; "
                    "print(time.perf_counter_ns() - begin)"
                )
                done = subprocess.run(
                    [sys.executable, "-P", "-c", code],
                    env=environment,
                    check=True,
                    capture_output=True,
                )
                if number:  # the first round writes the bytecode
                    times[statement].append(int(done.stdout))
    return {statement: statistics.median(taken) / 1000 for statement, taken in times.items()}


# ---- the run ------------------------------------------------------------------------------------


def contenders_for(
    text: bytes, peer: type[pydantic.BaseModel]
) -> dict[str, tuple[Callable[[Any], object], object]]:
    """Name what is timed: each a function and its one argument."""
    report, plain = gs.loads(text), orjson.loads(text)
    decoder = msgspec.json.Decoder(gs.Report2021[gs.OtherHandling])
    return {
        "govinfo_schema.loads": (gs.loads, text),
        "govinfo_schema.check": (gs.check, report),
        "govinfo_schema.dumps": (gs.dumps, report),
        "govinfo_schema.from_dict": (gs.from_dict, plain),
        "orjson.loads": (orjson.loads, text),
        "orjson.dumps": (orjson.dumps, plain),
        "pydantic model_validate_json": (peer.model_validate_json, text),
        "pydantic model_dump_json": (peer.model_dump_json, peer.model_validate_json(text)),
        "msgspec decode into our classes": (decoder.decode, text),
        "loads, then check": (lambda given: gs.check(gs.loads(given)), text),
        "msgspec Structs, sums by hand": (checked_by_hand(), text),
        "jsonschema is_valid (a dict)": (
            jsonschema.Draft202012Validator(gs.json_schema("2021")).is_valid,
            plain,
        ),
        "jsonschema-rs is_valid (a dict)": (
            jsonschema_rs.validator_for(gs.json_schema("2021")).is_valid,
            plain,
        ),
    }


def show(times: Mapping[str, float]) -> None:
    """Print the times, then each ratio against its target."""
    print(f"\n{'':31} {'µs':>12}")
    for name, taken in times.items():
        print(f"{name:31} {taken:12,.1f}")
    print(f"\n{'ours / peer':53} {'ratio':>5}")
    for target in TARGETS:
        ratio = times[target.ours] / times[target.peer]
        verdict = "reached" if ratio <= target.most else "NOT reached"
        print(
            f"{f'{target.ours} / {target.peer}':53} {ratio:5.2f}   target <= {target.most:.2f}  "
            f"{verdict}"
        )


def main() -> None:
    """Verify the peer, take the times, print them."""
    text = gs.dumps(gs.loads(EXAMPLE.read_bytes()))
    peer = peer_model(gs.Report2021)
    verify(peer, text)
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores"
    )
    print(
        ", ".join(
            [
                f"govinfo_schema {gs.__version__}",
                *(f"{name} {metadata.version(name)}" for name in PACKAGES),
            ]
        )
    )
    print(f"one report of {len(text):,} bytes, {len(dict(gs.walk(gs.loads(text))))} figures")
    imports = tuple(
        dict.fromkeys(
            name for target in TARGETS for name in target[:2] if name.startswith("import ")
        )
    )
    show(time_calls(contenders_for(text, peer)) | time_imports(imports))


if __name__ == "__main__":
    main()
