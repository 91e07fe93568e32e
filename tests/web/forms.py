"""What a form of a page would send unchanged."""

from __future__ import annotations

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Reads the fields of the form with an id: inputs, ticked boxes, selects, long texts."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = held.get("id") == self.identifier
        if not self._inside:
            return
        name = held.get("name", "")
        if tag == "select":
            self._select = name
            self.fields.setdefault(name, [""])
        elif tag == "option" and self._select and "selected" in held:
            self.fields[self._select] = [held.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif tag == "input" and name:
            ticked = held.get("type") not in ("checkbox", "radio") or "checked" in held
            if ticked:
                self.fields.setdefault(name, []).append(held.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data


def fields_of(page: str, identifier: str) -> dict[str, list[str]]:
    """The fields of the form ``identifier`` of a page, by name."""
    reader = FormReader(identifier)
    reader.feed(page)
    reader.fields.pop("csrfmiddlewaretoken", None)
    return reader.fields
