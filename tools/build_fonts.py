"""Make the two fonts that reports carry: a subset of Noto Sans SC, regular and bold.

    python tools/build_fonts.py REGULAR BOLD LICENCE [--out src/minplan/reports/fonts]

REGULAR and BOLD are the complete static fonts (TTF or WOFF2) of Noto Sans SC, LICENCE the text of
the SIL Open Font License they come with. All three are in the npm package
``@expo-google-fonts/noto-sans-sc`` (``npm pack`` it; the files are ``400Regular/*.ttf``,
``700Bold/*.ttf`` and ``LICENSE_FONT``). The tools are in the dependency group ``fonts``.

The subset holds the 8,105 characters of 通用规范汉字表 (the list for names of people and places
since 2013, in ``font_characters.txt``, after the Unihan property kTGH), GB 2312 levels 1 and 2,
and the letters, figures and signs listed here. The subset has a name of its own: it is a modified
version, and must not be mistaken for an installed font.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Minplan Sans SC"
HERE = Path(__file__).resolve().parent
SIGN_RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1: ° ² ³ ± × ·
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x2044),  # dashes, quotes, ′ ″ ‰ …
    (0x2070, 0x209C),  # raised and lowered figures
    (0x2100, 0x2127),  # ℃ № ™
    (0x2150, 0x218B),  # fractions, Roman numerals
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22BF),  # ≈ ≠ ≤ ≥ ∠ ⊥
    (0x2460, 0x24FF),  # ① ⑴ ⒈
    (0x2500, 0x257F),  # box drawing
    (0x25A0, 0x25FF),  # ■ ▲ ● ◆
    (0x2605, 0x2606),  # ★ ☆
    (0x26A0, 0x26A0),  # ⚠
    (0x2713, 0x2713),  # ✓
    (0x3000, 0x3029),  # 、 。 《 》 〇 〔 〕
    (0x3200, 0x33FF),  # ㈠ ㎡ ㎞
    (0xFF01, 0xFFE6),  # full-width forms
)
#: Signs the font lacks, drawn from another glyph: sign -> (source, scale).
DRAWN = {0x2715: (0x00D7, 1.25)}  # ✕ from ×


def gb2312() -> Iterator[int]:
    """Code points of the 6,763 characters of GB 2312 levels 1 and 2."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def wanted() -> set[int]:
    """Every code point the reports must be able to print."""
    listed = (HERE / "font_characters.txt").read_text("utf-8")
    points = {ord(char) for char in listed if not char.isspace()}
    points.update(gb2312())
    for first, last in SIGN_RANGES:
        points.update(range(first, last + 1))
    return points


def draw_missing(font: TTFont) -> None:
    """Add the signs of DRAWN: the source glyph scaled about its centre."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    names = font.getBestCmap()
    for sign, (source, scale) in DRAWN.items():
        origin = glyphs[names[source]]
        x = (origin.xMin + origin.xMax) / 2
        y = (origin.yMin + origin.yMax) / 2
        about_centre = Transform().translate(x, y).scale(scale).translate(-x, -y)
        pen = TTGlyphPen(font.getGlyphSet())
        origin.draw(TransformPen(pen, about_centre), glyphs)
        name = f"uni{sign:04X}"
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        glyphs[name] = pen.glyph()
        metrics[name] = metrics[names[source]]
        if "vmtx" in font:
            font["vmtx"][name] = font["vmtx"][names[source]]
        for table in font["cmap"].tables:
            table.cmap[sign] = name


def rename(font: TTFont, style: str) -> None:
    """Give the subset its own family name; licence and copyright records stay."""
    plain = FAMILY.replace(" ", "")
    names = {1: FAMILY, 2: style, 3: f"{plain}-{style}", 4: f"{FAMILY} {style}"}
    names[6] = f"{plain}-{style}"
    table = font["name"]
    kept = (0, 5, 7, 8, 9, 11, 12, 13, 14)
    table.names = [
        record for record in table.names if record.nameID in kept and record.platformID == 3
    ]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0


def build(source: Path, style: str, target: Path) -> set[int]:
    """Write the subset of ``source`` to ``target``; return code points it has no glyph for."""
    font = TTFont(source)
    points = wanted()
    options = Options()
    options.layout_features = ["ccmp", "locl", "kern", "mark", "halt", "palt", "pwid", "vert"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    draw_missing(font)
    rename(font, style)
    for tag in ("STAT", "DSIG"):
        if tag in font:
            del font[tag]
    font.flavor = None
    # A fixed time makes the file the same whenever it is built.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)
    return points - set(font.getBestCmap())


def main() -> None:
    """Build both fonts and copy the licence."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("regular", type=Path)
    parser.add_argument("bold", type=Path)
    parser.add_argument("licence", type=Path)
    parser.add_argument("--out", type=Path, default=HERE.parent / "src/minplan/reports/fonts")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for source, style in ((given.regular, "Regular"), (given.bold, "Bold")):
        target = given.out / f"MinplanSansSC-{style}.ttf"
        absent = build(source, style, target)
        print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, {len(absent)} signs absent")
        hanzi = sorted(chr(point) for point in absent if point >= 0x3400)
        print("  absent from 0x3400 on:", "".join(hanzi) or "none")
    shutil.copyfile(given.licence, given.out / "OFL.txt")


if __name__ == "__main__":
    main()
