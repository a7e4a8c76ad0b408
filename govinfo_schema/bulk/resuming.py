"""
Long work that can be interrupted and resumed: its results are kept in parts beside the target.

The caller cuts its work into numbered parts whose content depends on the input alone, never on the
number of processes or on time. ``begun`` makes the folder ``TARGET.parts``, whose ``work.json``
says what the work is. ``Parts.keep`` writes the files of a part, ``in`` tells whether a part is
there and whole, ``Parts.read`` returns the content of a file of it, and ``Parts.placed`` puts the
finished result in its place and removes the folder. What the files hold is up to the caller.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

import attrs
import msgspec

from govinfo_schema import __version__, files
from govinfo_schema.documents.formats import placed, resolved, unreadable, unwritable
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.messages import Label, catalogue, spoken

SUFFIX: Final = ".parts"
"""What the name of the folder has after that of the target."""
_WORK: Final = "work.json"
"""The file that says what the work is; it is written first and removed last."""
_LOCK: Final = "lock"
"""The file that one process at a time holds."""
_OVERWRITE: Final = "overwrite"
"""The key of ``work.json`` that says whether the target may be replaced."""
_NEW: Final = ".new"
"""The suffix of a file that is not yet whole."""
_OWN: Final = re.compile(r"(?:[0-9]{8}\..*|\.govinfo-.*|work\.json(?:\.new)?|lock)", re.DOTALL)
"""The names of files and folders that this module creates; it removes no others."""


@attrs.frozen
class Parts:
    """
    The parts of a work that are done, in the folder beside its target.

    *overwrite*: whether the target may be replaced. Pickles, so that any process may keep parts.
    """

    target: str
    folder: Path
    overwrite: bool

    @property
    def is_kept(self) -> bool:
        """Whether the folder stands beside its target, where it outlasts this process."""
        return self.folder.name.endswith(SUFFIX)

    def __contains__(self, number: int) -> bool:
        """Whether a part is done and all its files are as they were written."""
        try:
            return all(
                _digest(self._place(number, name).read_bytes()) == digest
                for name, digest in self._digests(number).items()
            )
        except (OSError, ValueError):
            return False

    def __len__(self) -> int:
        """Return how many parts are done, without a look into their files."""
        return sum(1 for _ in self.folder.glob("[0-9]*.json"))

    def keep(self, number: int, files: Mapping[str, bytes]) -> None:
        """
        Write the files of a part, each atomically, and then that the part is done.

        *files*: the content of each by its name, such as ``findings.arrow``.
        Raises: UnreadableFile if they cannot be written; the parts kept before stay.
        """
        digests = {name: _digest(data) for name, data in files.items()}
        try:
            for name, data in files.items():
                _write(self._place(number, name), data)
            _write(self._place(number, "json"), json.dumps(digests).encode())
        except OSError as error:
            raise unwritable(self.target, error) from error

    def read(self, number: int, name: str) -> bytes:
        """
        Return the content of a file of a part.

        Raises: UnreadableFile if it is not there as it was written.
        """
        try:
            data = self._place(number, name).read_bytes()
            if _digest(data) == self._digests(number)[name]:
                return data
        except (OSError, ValueError, LookupError):
            pass
        raise unreadable(self.target, "parts.damaged", number=number, folder=self.folder)

    @contextmanager
    def placed(self) -> Iterator[Path]:
        """
        Give a path to write the finished result to, put it in its place, and remove the parts.

        All else is as for ``documents.formats.placed``.
        """
        # Once the target is there it is ours: killed before the parts are gone, the work resumes.
        work = json.loads((self.folder / _WORK).read_bytes())
        try:
            _write(self.folder / _WORK, _json({**work, _OVERWRITE: True}))
        except OSError as error:
            raise unwritable(self.target, error) from error
        with placed(self.target, overwrite=self.overwrite, folder=self.folder) as beside:
            yield beside
        _remove(self.folder)

    def discard(self) -> None:
        """Remove the parts, of which nothing is to come."""
        _remove(self.folder)

    def _place(self, number: int, name: str) -> Path:
        return self.folder / f"{number:08}.{name}"

    def _digests(self, number: int) -> dict[str, str]:
        """
        Return the digests of the files of a part by their names.

        Raises: OSError, ValueError if the part is not done.
        """
        return msgspec.json.decode(self._place(number, "json").read_bytes(), type=dict[str, str])


@contextmanager
def begun(
    target: FilePath,
    inputs: Iterable[FilePath],
    *,
    resume: bool = False,
    force: bool = False,
    **options: Any,
) -> Iterator[Parts]:
    """
    Begin a work whose result goes to *target*, or resume it, and give its parts.

    *inputs* are the files that are read, *options* all else that the result depends on, as JSON
    has it. *resume* goes on with the parts that are there, if any. *force* starts again if there
    are parts, and lets the target be replaced. If the block fails, the parts that are done stay.
    Raises: UnreadableFile if the target exists or cannot be written, if there are parts and
    *resume* does not say to go on, or if they are those of another work or of a running process.
    """
    name = os.fspath(target)
    with ExitStack() as stack:
        try:
            folder = _folder_of(name)
            if not force and os.path.lexists(name) and not (folder / _WORK).exists():
                _remove_empty(folder)
                raise unreadable(name, "exists")
            folder.mkdir(exist_ok=True)
            stack.enter_context(_locked(folder, name))
            options = {"package": __version__, **_stated(inputs), **options}
            parts = _entered(name, folder, json.loads(_json(options)), resume=resume, force=force)
        except UnreadableFile:
            raise
        except OSError as error:
            raise unwritable(name, error) from error
        except ValueError as error:  # an embedded null byte
            raise unreadable(name.replace("\0", "\\0"), "missing") from error
        try:
            yield parts
        except BaseException:
            if not len(parts):
                _remove(folder)
            raise


def unfinished(target: FilePath) -> Parts | None:
    """Give the parts of a target that stand beside it, None if there is no folder of them."""
    try:
        folder = _folder_of(os.fspath(target))
        return Parts(os.fspath(target), folder, overwrite=False) if folder.exists() else None
    except (OSError, ValueError):  # a path that no file can have
        return None


def _folder_of(name: str) -> Path:
    return Path(f"{resolved(name)}{SUFFIX}")


def is_of_parts(folder: Path) -> bool:
    """Tell whether a folder holds the parts of a work."""
    return folder.name.endswith(SUFFIX) and (folder / _WORK).is_file()


def _entered(
    name: str, folder: Path, work: Mapping[str, Any], *, resume: bool, force: bool
) -> Parts:
    """
    Make a folder ready for a work, which may go on in it.

    Raises: UnreadableFile, OSError.
    """
    if any(not _OWN.fullmatch(each.name) for each in folder.iterdir()):
        raise unreadable(name, "parts.foreign", folder=folder)
    overwrite = force
    before = _content(folder / _WORK)
    if before is not None and not force:
        count = len(Parts(name, folder, overwrite))
        if not resume:
            raise unreadable(name, "parts.exist", folder=folder, count=count)
        overwrite = bool(before.pop(_OVERWRITE, False))
        others = [key for key in {**work, **before} if work.get(key) != before.get(key)]
        if others:
            what = tuple(_said(key) for key in others)
            raise unreadable(name, "parts.other", folder=folder, what=what)
    else:
        _clear(folder)
        _write(folder / _WORK, _json({**work, _OVERWRITE: overwrite}))
    if not overwrite and os.path.lexists(name):
        raise unreadable(name, "exists")
    return Parts(name, folder, overwrite)


def _said(key: str) -> Label | str:
    """Say in words what a key of ``work.json`` stands for; options of other callers as they are."""
    name = f"work.{key}"
    return spoken(name) if name in catalogue() else key


def _content(path: Path) -> dict[str, Any] | None:
    """Return what a file of JSON says; None where it says nothing."""
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _stated(inputs: Iterable[FilePath]) -> dict[str, Any]:
    """Return how many files are read, how long they are, and a digest that changes with them."""
    digest, count, size = blake2b(digest_size=16), 0, 0
    for path in inputs:
        name = os.fspath(path)
        try:
            facts = _facts(name)
            said = (name, facts.st_size, facts.st_mtime_ns)
            size += facts.st_size
        except OSError:
            # What comes in on standard input is never the same again.
            said = (name, -1, time.time_ns() if name == "-" else -1)
        digest.update(repr(said).encode())
        count += 1
    return {"files": count, "bytes": size, "inputs": digest.hexdigest()}


def _facts(name: str) -> os.stat_result:
    """
    Return what the system says of a file; of one in an archive, what it says of the archive.

    Raises: OSError.
    """
    try:
        return os.stat(name)  # noqa: PTH116 (for each of up to a million files)
    except OSError:
        archive = files.holder(name)
        if archive is None:
            raise
        return archive.stat()


@contextmanager
def _locked(folder: Path, name: str) -> Iterator[None]:
    """
    Hold the folder for this process, where the operating system has such locks.

    Raises: UnreadableFile where another process holds it.
    """
    with (folder / _LOCK).open("wb") as file:
        try:
            import fcntl  # noqa: PLC0415 (not on Windows)

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise unreadable(name, "parts.busy", folder=folder) from error
        except (ImportError, OSError):
            pass  # the system or the file system has no locks
        yield


def _remove(folder: Path) -> None:
    """Remove a folder of parts, what says that it is one last; what others put there stays."""
    with suppress(OSError):
        _clear(folder)
    _remove_empty(folder)


def _remove_empty(folder: Path) -> None:
    """Remove a folder in which nothing is left but the lock, if there is one."""
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] in ([_LOCK], []):
            (folder / _LOCK).unlink(missing_ok=True)
            folder.rmdir()


def _clear(folder: Path) -> None:
    """Remove the parts from a folder, then what says of which work they are."""
    for path in sorted(folder.iterdir()):  # digits and the dot stand before letters
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        elif _OWN.fullmatch(path.name) and path.name != _LOCK:
            path.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Atomic write: another file in the same folder, on disk, then renamed."""
    new = path.with_name(path.name + _NEW)
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
