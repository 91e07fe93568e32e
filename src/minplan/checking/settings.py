"""What a bureau sets for the checks: ``quality.toml`` beside its additions to the standard."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from minplan.core.errors import Place, PlanDataError
from minplan.core.quality import checks as _checks  # noqa: F401  (registers the checks)
from minplan.core.quality.check import registered
from minplan.core.quality.settings import Settings, read_settings
from minplan.core.text import Text

SETTINGS_NAME: Final = "quality.toml"


def settings_of(folder: Path) -> Settings:
    """The bureau's settings of the checks from ``quality.toml`` in a folder; none when absent.

    Raises PlanDataError E942 for a check or parameter that does not exist, E943 for a file that is
    no TOML.
    """
    path = folder / SETTINGS_NAME
    if not path.is_file():
        return Settings()
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise PlanDataError(
            "E943",
            Text(f"质检设置读不出来：{error}", f"the settings cannot be read: {error}"),
            place=Place(file=SETTINGS_NAME),
            hint=Text("按 TOML 格式改正", "mend it as TOML"),
        ) from error
    return read_settings(told, registered(), SETTINGS_NAME)
