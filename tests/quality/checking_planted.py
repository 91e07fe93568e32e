"""Sound hand-in, its references and its inspection, kept; planted copies inspected quickly.

A planted copy shares unchanged files with the sound one by hard links, and its unchanged layers
are those already in memory. Checks of single layers run on the layers that changed; checks between
layers that know nothing but layers run when one changed, or what they are held to did; checks of
the text when the text did. What is left out saw the same before and found nothing
(``test_sound.py``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from minplan.checking import assembling
from minplan.checking.asked import Asked
from minplan.checking.assembling import submission
from minplan.core.quality.check import Check, Family, Scope, registered
from minplan.core.quality.engine import inspect, suitable
from minplan.core.quality.fault import Fault
from minplan.core.quality.inspection import CheckResult
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.submission import LayerSource, Submission
from minplan.core.standard.model import Edition
from minplan.demo.handin.plants import At, Folder, Plant
from minplan.handin import manifest
from minplan.handin.names import Names

#: Families whose checks between layers look at layers and references alone.
_OF_LAYERS = (
    Family.STRUCTURE, Family.VALUES, Family.GEOMETRY, Family.TOPOLOGY, Family.AREA,
    Family.CONVEYANCE, Family.CONTROL_LINES,
)  # fmt: skip
#: What reads files, and is not asked twice of equal ones.
_READERS: tuple[tuple[Any, str], ...] = (
    (assembling, "read_document"),
    (assembling, "try_to_open"),
    (assembling, "match_source"),
)


@dataclass
class Sound:
    """The sound hand-in in memory, and what was read of files before."""

    root: Path
    names: Names
    asked: Asked
    shelf: Shelf = field(default_factory=lambda: Shelf(10**9))
    layers: dict[tuple[str, str, str], LayerSource] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)

    @contextmanager
    def assembled(self, root: Path, asked: Asked) -> Iterator[Submission]:
        """A hand-in assembled from its files; those read before are not read again."""
        with ExitStack() as stack:
            with self._remembering():  # only while files are read: others share the modules
                made = stack.enter_context(submission(root, asked))
            hashes = {item.path: item.sha256 for item in made.files}
            keys = [(item.file, item.name, hashes[item.file]) for item in made.layers]
            if not self.layers:
                self.layers.update(zip(keys, made.layers, strict=True))
            known = [self.layers.get(key) for key in keys]
            pairs = zip(known, made.layers, strict=True)
            yield replace(made, layers=tuple(old or new for old, new in pairs))

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for module, name in _READERS:
                patch.setattr(module, name, self._once(getattr(module, name)))
            yield

    def _once(self, function: Any) -> Any:
        def called(what: Any, *arguments: Any, **named: Any) -> Any:
            path = what[0] if isinstance(what, tuple) else what
            rest = [str(item) for item in arguments if isinstance(item, str)]
            editions = [id(item) for item in arguments if isinstance(item, Edition)]
            digest = manifest.sha256_of(path)
            key = (function.__name__, digest, path.name, *rest, *editions, *named.items())
            if key not in self.memory:
                self.memory[key] = function(what, *arguments, **named)
            found = self.memory[key]
            if isinstance(found, list):  # matches name the file they are of
                return [replace(item, path=path) for item in found]
            return found

        return called

    def plant(self, unit: Plant, into: Path) -> tuple[Folder, Any]:
        """A copy of the hand-in with a fault, and where the fault is."""
        root = into / self.root.name
        linked(self.root, root)
        folder = Folder(root, self.names, self.asked)
        where = unit.put(folder)
        folder.close()
        return folder, where


def linked(source: Path, target: Path) -> None:
    """A copy of a folder by hard links."""
    for item in sorted(source.rglob("*")):
        place = target / item.relative_to(source)
        if item.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(item, place)


def results(sound: Sound, before: Submission, made: Submission) -> list[CheckResult]:
    """What the checks find in a planted hand-in that the sound one cannot have told."""
    known = {id(item) for item in before.layers}
    changed = [item for item in made.layers if id(item) not in known]
    same = not changed and len(made.layers) == len(before.layers)
    held = _held(made) == _held(before)
    checks = suitable(made, registered())
    single = [item for item in checks if item.scope is Scope.LAYER]
    others = [item for item in checks if item.scope is not Scope.LAYER]
    if same and held:
        others = [item for item in others if not _of_layers(item)]
    told = [id(item) for item in made.documents] == [id(item) for item in before.documents]
    if told and held:
        others = [item for item in others if item.scope is not Scope.DOCUMENT]
    alone = _held(made)[:4] == _held(before)[:4]
    looked = tuple(changed) if alone else made.layers
    if held:  # each layer is held against the control lines by itself
        single += [item for item in others if item.family is Family.CONTROL_LINES]
        others = [item for item in others if item.family is not Family.CONTROL_LINES]
    found = [
        inspect(replace(made, layers=looked), checks=single, shelf=sound.shelf),
        inspect(made, checks=others, shelf=sound.shelf),
    ]
    return [item for part in found for item in part.results]


def _of_layers(check: Check) -> bool:
    return check.scope is Scope.LAYERS and check.family in _OF_LAYERS


def _held(made: Submission) -> tuple[Any, ...]:
    """What checks hold layers to; the first four alone matter to a layer by itself."""
    return (
        made.date, made.identity, id(made.edition), id(made.region), id(made.plan), id(made.upper),
        tuple((name, id(layer)) for name, layer in made.controls.items()),
    )  # fmt: skip


def assert_found(sound: Sound, before: Submission, unit: Plant, into: Path) -> None:
    """The check of a plant finds the fault where it was planted, and nothing else finds any."""
    folder, where = sound.plant(unit, into)
    with sound.assembled(folder.root, folder.held) as made:
        told_apart = folder.within(made) if folder.within is not None else made
        found = {item.check: item for item in results(sound, before, told_apart) if item.total}
    told = {check: [fault.message.zh for fault in item.faults[:3]] for check, item in found.items()}
    assert set(told) == {unit.check, *unit.also}, told
    assert any(is_at(fault, where) for fault in found[unit.check].faults), told


def is_at(fault: Fault, where: At) -> bool:
    """Whether a fault is at a place."""
    named = ("layer", "key", "field", "file")
    if any(getattr(where, name) not in ("", getattr(fault, name)) for name in named):
        return False
    quotes = [spot.quote for spot in fault.spots]
    return where.words in " ".join([fault.message.zh, fault.value, fault.limit, *quotes])
