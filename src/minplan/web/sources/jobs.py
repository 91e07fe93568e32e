"""Background work on constraint layers: building a version, verifying all of them."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from minplan.core.access import Permission
from minplan.core.errors import Faults, StoreError
from minplan.core.geometry.layer import LayerVersion
from minplan.core.text import Text
from minplan.database import layer_versions
from minplan.database.acting import acting
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run, job
from minplan.web.sources.views import UPLOADS


@job("layer-add")
def add_layer(
    run: Run, name: str, folder: str, file: str, said: Mapping[str, Any]
) -> dict[str, Any]:
    """Build and store a version of a layer, register it, and clear the upload away."""
    acting().require(Permission.MANAGE_LAYERS)
    place = workspace().folder / UPLOADS / folder
    given = dict(said)
    for key in ("effective_from", "effective_to"):
        given[key] = dt.date.fromisoformat(given[key]) if given[key] else None
    for key in ("layer", "crs", "encoding"):
        given[key] = given[key] or None
    run.progress(0, 0, Text("读取并修复图形", "reading and repairing"))
    try:
        report = workspace().library.add(place / file, name, progress=run.progress, **given)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    version: LayerVersion = report.stored.version
    layer_versions.register(version, actor=acting().actor, recorded=dt.datetime.now(dt.UTC))
    return {
        "address": f"{reverse('source', args=[name])}#{version.sha256[:12]}",
        "features": version.feature_count,
        "already": report.already_present,
    }


@job("layer-verify")
def verify_layer(run: Run, name: str) -> dict[str, Any]:
    """Recompute the hashes of a layer's versions; changed files become the job's error."""
    run.progress(0, 0, Text("计算哈希", "computing hashes"))
    results = workspace().library.verify(name)
    changed = [
        StoreError(
            "E887",
            Text(
                f"{item.name} 的版本 {item.sha256[:12]} 已改变",
                f"version {item.sha256[:12]} of {item.name} has changed",
            ),
            hint=Text(
                "停用这个文件，从原始数据重新入库或从备份恢复",
                "stop using it: add it again from the delivery, or restore the backup",
            ),
        )
        for item in results
        if not item.ok
    ]
    if changed:
        raise Faults([*changed])
    return {"address": reverse("source", args=[name]), "verified": len(results)}
