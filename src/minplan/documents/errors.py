"""Errors of reading plan documents, E971 to E977."""

from __future__ import annotations

from minplan.core.errors import InputError, Place
from minplan.core.text import Text


def no_document(name: str, what: Text | None = None) -> InputError:
    """E971: the file is none of the documents that are read."""
    told = what or Text("不认识的文件", "a file of unknown kind")
    return InputError(
        "E971",
        Text(f"{name} 不是规划文本：{told.zh}", f"{name} is no plan document: {told.en}"),
        place=Place(file=name),
        hint=Text(
            "请给出 .docx、带文字的 .pdf、.txt 或 .md 文件",
            "name a .docx, a .pdf with text, a .txt or a .md file",
        ),
    )


def damaged(name: str) -> InputError:
    """E972: the file is cut off or damaged."""
    return InputError(
        "E972",
        Text(f"{name} 已损坏，不能读出", f"{name} is damaged and cannot be read"),
        place=Place(file=name),
        hint=Text(
            "请重新传输；能打开时用 Word、WPS 另存一次",
            "send it again; if Word or WPS opens it, save it anew",
        ),
    )


def encrypted(name: str) -> InputError:
    """E973: the file is protected by a password."""
    return InputError(
        "E973",
        Text(f"{name} 有密码保护", f"{name} is protected by a password"),
        place=Place(file=name),
        hint=Text("请去掉密码后另存", "save it without the password"),
    )


def no_text_layer(name: str, pages: int) -> InputError:
    """E974: a scanned PDF: pictures of pages without text."""
    return InputError(
        "E974",
        Text(
            f"{name} 共 {pages} 页，没有文字，是扫描件",
            f"{name}: {pages} pages without text, a scan",
        ),
        place=Place(file=name),
        hint=Text(
            "请用带文字的 PDF 或 Word 原件，或先做文字识别（OCR）",
            "use the original with text, or run OCR first",
        ),
    )


def old_word(name: str) -> InputError:
    """E975: a document of Word 97–2003."""
    return InputError(
        "E975",
        Text(f"{name} 是旧版 Word 文档（.doc）", f"{name} is an old Word document (.doc)"),
        place=Place(file=name),
        hint=Text("请用 Word 或 WPS 另存为 .docx", "save it as .docx in Word or WPS"),
    )


def empty(name: str) -> InputError:
    """E976: nothing in the file."""
    return InputError(
        "E976",
        Text(f"{name} 没有内容", f"{name} is empty"),
        place=Place(file=name),
        hint=Text("请检查是否传输完整", "check that it was sent completely"),
    )


def too_large(name: str) -> InputError:
    """E977: the file unpacks to more than any document."""
    return InputError(
        "E977",
        Text(f"{name} 解压后过大", f"{name} unpacks to too much"),
        place=Place(file=name),
        hint=Text(
            "请删去嵌入的大对象后另存，或检查文件来源",
            "remove large embedded objects and save anew, or check where it comes from",
        ),
    )
