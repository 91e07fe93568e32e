"""The password policy, the same on the terminal, on pages and in programs."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from minplan.core.text import Text

#: Shortest password where an installation does not ask for more.
SHORTEST: Final = 10
#: Kinds of characters of which a password needs at least three, unless it is a long phrase.
_PHRASE: Final = 16


def weaknesses(password: str, username: str = "", shortest: int = SHORTEST) -> list[Text]:
    """What is wrong with a password; empty when it may be used."""
    found: list[Text] = []
    if len(password) < shortest:
        found.append(Text(f"密码至少 {shortest} 位", f"at least {shortest} characters"))
    if len(password) < _PHRASE and _kinds(password) < 3:
        found.append(
            Text(
                "大写、小写、数字、符号至少用三种，或用 16 位以上的短语",
                "use three of upper case, lower case, digits and signs, or a phrase of 16",
            )
        )
    if username and username.lower() in password.lower():
        found.append(Text("密码不能含账号名", "must not contain the account's name"))
    if password.lower() in _common():
        found.append(Text("这是常见密码", "this is a common password"))
    return found


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
    return sum(any(test(character) for character in password) for test in tests)


@cache
def _common() -> Any:
    """Django's list of common passwords."""
    from django.contrib.auth.password_validation import (  # noqa: PLC0415
        CommonPasswordValidator,
    )

    return CommonPasswordValidator().passwords
