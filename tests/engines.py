"""
Engines for the tests: a PostgreSQL cluster of its own, a Spark session, a Dask cluster; random
reports with the rows that every engine must find in them, and documents of all formats.

PostgreSQL needs its programs, Spark the package pyspark and Java, Dask its package.
"""

from __future__ import annotations

import io
import json
import os
import pwd
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from programs import Needs
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.form.equations import equation_name
from govinfo_schema.report.access import form_of
from govinfo_schema.report.values import MAX_COUNT
from govinfo_schema.testing import KINDS

POSTGRES: Final = shutil.which("postgres") or next(
    map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))[::-1]), None
)
"""The server; ``initdb`` stands beside it."""
PSQL: Final = shutil.which("psql")
needs_postgres = Needs(POSTGRES and PSQL, "PostgreSQL")
needs_spark = Needs(
    find_spec("pyspark") and shutil.which("java"), "pyspark and Java", runs=pytest.mark.full
)
needs_dask = Needs(find_spec("distributed"), "dask[distributed]")


# ---- the reports, and what check finds of them --------------------------------------------------


def varied(seed: int) -> gs.Report:
    """
    Make a random report of any shape: a third holds; others have damage, blanks, counts as large as
    the schema allows, or several of these.
    """
    dice = random.Random(seed)
    name, undivided = SHAPES[seed % len(SHAPES)]
    report = gs.generate(seed, name, undivided=undivided and name == "2021")
    if dice.random() < 0.4:
        with suppress(ValueError):  # too few figures for this kind of damage
            report = gs.damage(report, dice.choice(KINDS), seed).report
    cells = [cell for cell, _ in gs.walk(report) if not cell.startswith("proactive.")]
    values: dict[str, int | None] = {}
    if dice.random() < 0.4:
        values |= dict.fromkeys(dice.sample(cells, dice.choice((1, 3, 20, len(cells)))))
    if dice.random() < 0.1:
        values |= dict.fromkeys(dice.sample(cells, dice.choice((1, 8, 90))), MAX_COUNT)
    return gs.replace(report, values)


def files_of(reports: Iterable[gs.Report]) -> list[gs.Reading]:
    """Say of each report that it was read from a file of its own."""
    return [
        gs.Reading(report=report, sources={}, findings=(), file=f"{number}.html")
        for number, report in enumerate(reports)
    ]


def expected(
    reports: Iterable[gs.Report], edition: str | None = None, *, files: bool = True
) -> list[tuple[Any, ...]]:
    """
    Return the rows of the contract for these reports, from ``check`` one by one, in the order of
    the reports and of the form; of one edition, or of all.
    """
    return [
        (
            number,
            f"{number}.html" if files else None,
            equation.rule.code,
            equation_name(equation),
            equation.left_sum,
            equation.right_sum,
            equation.difference,
            list(equation.blanks),
        )
        for number, report in enumerate(reports)
        if edition in (None, report.edition)
        for equation in _in_order(report)
    ]


def verdicts(reports: Iterable[gs.Report]) -> list[tuple[Any, ...]]:
    """Return the verdicts of the contract for these reports, from ``check`` one by one."""
    rows: list[tuple[Any, ...]] = []
    for number, report in enumerate(reports):
        assessment = gs.check(report)
        broken, unknown = len(assessment.broken), len(assessment.unknown)
        verdict = "broken" if broken else "unknown" if unknown else "held"
        counts = (assessment.held, broken, unknown)
        rows.append((number, f"{number}.html", report.edition, verdict, *counts))
    return rows


def _in_order(report: gs.Report) -> list[gs.Equation]:
    """Return what is broken or unknown in the order of the form."""
    assessment = gs.check(report)
    found = {
        (each.rule.code, each.right): each for each in (*assessment.broken, *assessment.unknown)
    }
    keys = [(each.rule.code, each.right) for each in form_of(report).equations]
    return [found[key] for key in keys if key in found]


# ---- documents ----------------------------------------------------------------------------------

PUBLISHED: Final = Path(__file__).parent / "documents"
WRITTEN: Final = ("html", "docx", "md", "xlsx", "csv", "tidy.csv", "json", "jsonl")
"""The formats in which documents are made."""


@cache
def documents(count: int) -> Mapping[str, bytes]:
    """
    Return *count* documents of all formats by their names: some as published, the rest of random
    reports, every tenth of them spoilt.
    """
    published = (path for path in sorted(PUBLISHED.iterdir()) if path.suffix != ".json")
    files = {path.name: path.read_bytes() for path in published}
    for seed in range(count - len(files)):
        kind = WRITTEN[seed % len(WRITTEN)]
        file = io.BytesIO()
        gs.write(varied(seed), file, format=kind)
        name, data = f"{seed}.{kind}", file.getvalue()
        match seed % 30:
            case 9:
                name, data = f"{name}.xls", bytes(range(256)) * 4
            case 19:
                data = data[: len(data) // 3]
            case 29:
                data = b""
        files[name] = data
    return files


# ---- PostgreSQL ---------------------------------------------------------------------------------


@attrs.frozen
class Postgres:
    """A PostgreSQL cluster in a folder of its own, which listens on a socket there."""

    folder: str

    def run(self, text: str) -> str:
        """
        Run SQL as ``psql -f`` does, and return what it prints.

        Raises: RuntimeError with what PostgreSQL says.
        """
        done = subprocess.run(
            [PSQL or "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "tests",
             "-d", "postgres", "-f", "-"],
            input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode or done.stderr:
            raise RuntimeError(done.stderr)
        return done.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, with numbers as numbers and arrays as lists."""
        printed = self.run(f"SELECT row_to_json(answer) FROM (\n{query}\n) AS answer;")  # noqa: S608
        return [tuple(json.loads(line).values()) for line in printed.splitlines()]

    def load(self, table: str, documents: Iterable[bytes]) -> None:
        """Make a table of JSON documents: *id*, the number from 0 on, and *report*."""
        lines = b"\n".join(documents).decode()
        self.run(
            f"CREATE TABLE {table} "
            "(id bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 0), report jsonb);\n"
            f"COPY {table} (report) FROM STDIN (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02');\n"
            f"{lines}\n\\.\n"
        )


@contextmanager
def postgres() -> Iterator[Postgres]:
    """
    Start a PostgreSQL cluster of its own, and end and remove it afterwards.

    It does not run as root: for root it runs as the user that the system's package makes.
    """
    assert POSTGRES is not None
    owner: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="govinfo-postgres-") as folder:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = f"{folder}/data"
        subprocess.run(
            [str(Path(POSTGRES).with_name("initdb")), "-D", data, "-U", "tests", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"],
            cwd=folder, check=True, capture_output=True, **owner,
        )  # fmt: skip
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(
                [POSTGRES, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
                cwd=folder, stdout=log, stderr=log, **owner,
            )  # fmt: skip
        cluster = Postgres(folder)
        try:
            _wait(cluster, server)
            yield cluster
        finally:
            server.terminate()
            server.wait(60)


def _wait(cluster: Postgres, server: subprocess.Popen[bytes]) -> None:
    """Wait until a cluster answers."""
    for _ in range(300):
        with suppress(RuntimeError):
            cluster.run("SELECT 1;")
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(Path(cluster.folder, "log").read_text(encoding="utf-8"))


# ---- Spark --------------------------------------------------------------------------------------


@contextmanager
def spark(master: str = "local[2]") -> Iterator[Any]:
    """
    Start a Spark session, and end it afterwards.

    *master*: ``local[N]`` runs N threads in one process, ``local-cluster[N,cores,megabytes]`` N
    workers with processes of their own.
    """
    root = str(Path(__file__).parents[1])
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory(prefix="govinfo-spark-") as folder:
        settings: dict[str, Any] = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.executorEnv.PYTHONPATH": root,
            "spark.local.dir": folder,
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": f"{folder}/warehouse",
            "spark.ui.enabled": "false",
        }
        builder = (
            import_module("pyspark.sql")
            .SparkSession.builder.master(master)
            .appName("govinfo_schema")
        )
        session = builder.config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield session
        finally:
            session.stop()


# ---- Dask ---------------------------------------------------------------------------------------


@contextmanager
def dask_cluster() -> Iterator[Any]:
    """Start a Dask cluster of two processes and a client of it, and end both afterwards."""
    distributed = import_module("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client
