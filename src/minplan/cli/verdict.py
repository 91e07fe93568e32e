"""The verdict table of a review on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text as Styled

from minplan.core.review.finding import Outcome
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.cli.output import Session
    from minplan.core.review.engine import Review
    from minplan.core.review.finding import Finding
    from minplan.formats.reading import InputBlock

#: Sign and style of each outcome; the word is always there too.
SIGNS: Final = {
    Outcome.CONFLICT: ("✕", "bold red"),
    Outcome.ATTENTION: ("▲", "yellow"),
    Outcome.NOT_CHECKED: ("?", "magenta"),
    Outcome.CLEAR: ("✓", "blue"),
    Outcome.NOT_APPLICABLE: ("–", "dim"),
}
_TOLD: Final = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED)


def print_review(
    session: Session,
    review: Review,
    block: InputBlock | None,
    number: str,
    files: dict[str, Path],
    *,
    everything: bool = False,
) -> None:
    """Print how the input was read, the findings, the counts, the verdict and the files."""

    def tell(line: Styled) -> None:
        session.out.print(line, soft_wrap=True)

    say = session.get
    tell(Styled(f"\n{review.proposal.name}  {number}", style="bold"))
    if block is not None:
        tell(Styled(f"{say(Text('读取', 'Read'))}  {say(block.understanding)}"))
        for remark in block.remarks:
            tell(Styled(f"      · {say(remark.message)}", style="dim"))
    tell(Styled(f"{say(Text('面积', 'Area'))}  {say(area_sentence(review))}"))
    for note in review.notes:
        tell(Styled(f"      {say(note)}", style="yellow"))
    for outcome in Outcome if everything else _TOLD:
        for finding in review.of(outcome):
            tell(_line(session, finding, review))
    tell(Styled(_counts(session, review), style="dim"))
    if review.suggestion is not None:
        tell(Styled(say(suggestion_sentence(review)), style="green"))
    verdict = f"{say(Text('结论', 'Verdict'))}  {say(review.verdict.word)}"
    tell(Styled(verdict, style="bold reverse"))
    for kind, path in files.items():
        tell(Styled(f"      {kind:8} {path}"))


def area_sentence(review: Review) -> Text:
    """The statutory area, and which method the stated area follows."""
    from minplan.core.geometry.area import AreaMethod

    area = review.areas[AreaMethod.ELLIPSOID] / 1e6
    zh, en = f"{area:.4f} km²（椭球，TD/T 1055）", f"{area:.4f} km² (ellipsoid, TD/T 1055)"
    if review.area_match is not None:
        stated = review.proposal.stated_area_km2
        zh += f"；申报 {stated} km²：{review.area_match.message.zh}"
        en += f"; stated {stated} km²: {review.area_match.message.en}"
    return Text(zh, en)


def suggestion_sentence(review: Review) -> Text:
    """What would make it pass."""
    part = review.suggestion
    assert part is not None
    area, lost = part.area_m2 / 1e6, part.lost_share * 100
    corners = part.corner_count
    still = "、".join(review.suggestion_conflicts)
    zh = f"面积冲突消除，但仍有冲突 {still}" if still else "不再有冲突"
    en = f"clears the overlaps; {still} remain" if still else "no conflict remains"
    return Text(
        f"建议  范围调整为 {area:.4f} km²（减少 {lost:.1f}%，{corners} 个拐点）后{zh}",
        f"Mend  cutting the block to {area:.4f} km² ({lost:.1f}% less, {corners} corners) {en}",
    )


def _line(session: Session, finding: Finding, review: Review) -> Styled:
    sign, style = SIGNS[finding.outcome]
    rule = review.rules[finding.rule]
    line = Styled()
    line.append(f"  {sign} {session.get(finding.outcome.word)}  ", style=style)
    line.append(f"{finding.rule:9} {session.get(rule.title)}  ", style="bold")
    line.append(session.get(finding.message))
    marks = [str(rule.basis[0])]
    if not finding.certain:
        marks.append(session.get(Text("依据待核实", "basis unverified")))
    if not finding.decides and finding.reading_note:
        marks.append(session.get(finding.reading_note))
    if finding.waived_by:
        marks.append(
            session.get(Text(f"豁免：{finding.waived_by}", f"waived: {finding.waived_by}"))
        )
    if any(item.schematic for item in finding.evidence):
        marks.append(session.get(Text("示意图形", "schematic geometry")))
    line.append(f"  〔{'；'.join(marks)}〕", style="dim")
    return line


def _counts(session: Session, review: Review) -> str:
    words = [f"{session.get(o.word)} {review.count(o)}" for o in Outcome]
    return "      " + " · ".join(words)
