"""The style sheet of the HTML report: for light and dark screens, narrow ones, and A4."""

from __future__ import annotations

_LIGHT = """
--paper:#fff; --ground:#f4f5f7; --ink:#1b2330; --soft:#566072; --faint:#8a93a3; --rule:#dbdfe6;
--strong-rule:#1b2330; --accent:#1d4370; --bar:#3b648f; --bar-soft:#c9d6e4; --negative:#a8483f;
--bad:#9e1b1b; --bad-ground:#fbeceb; --warn:#8a4b00; --warn-ground:#fcf2e2; --good:#1c6438;
--good-ground:#e9f4ec; --open:#4b5563; --open-ground:#eceef2; --stripe:#f7f8fa;
--a:#bfe0c8; --b:#d9ebc4; --c:#f6e7ae; --d:#f6cfa5; --f:#efb2ad; --on-letter:#1b2330;
--critical:#e08078;
"""
_DARK = """
--paper:#171b22; --ground:#101318; --ink:#e6e9ee; --soft:#a5adba; --faint:#7c8593; --rule:#303743;
--strong-rule:#aeb6c2; --accent:#9cc3ee; --bar:#7fa9d4; --bar-soft:#2d3b4c; --negative:#e08b80;
--bad:#ff9d94; --bad-ground:#3a1d1c; --warn:#f0bb73; --warn-ground:#382a14; --good:#8fd3a4;
--good-ground:#17301f; --open:#c0c7d2; --open-ground:#2a303a; --stripe:#1c212a;
--a:#2f6b43; --b:#4d6f33; --c:#7a6820; --d:#83531f; --f:#86352f; --on-letter:#f4f6f8;
--critical:#a8322a;
"""

_SCREEN = """
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",
"Noto Sans CJK SC",sans-serif;color:var(--ink);background:var(--ground);
-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums lining-nums}
html:lang(zh){font-family:"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",
"Source Han Sans SC","Droid Sans Fallback",system-ui,sans-serif;line-height:1.65}
body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--paper);
overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance}
h1,h2,.grade-letters,.decision .word{font-family:Charter,"Iowan Old Style","Source Serif 4",
"Noto Serif",Georgia,"Times New Roman",serif}
:lang(zh) thead th{white-space:nowrap}
:lang(zh) h1,:lang(zh) h2,:lang(zh) .decision .word{font-family:"Songti SC","Source Han Serif SC",
"Noto Serif CJK SC","PingFang SC","Microsoft YaHei","Droid Sans Fallback",serif}
h1,h2{font-size:2rem} h3{font-size:1.125rem;margin-bottom:.6rem} h4{font-size:1rem}
p{margin:.35rem 0} a{color:var(--accent);text-decoration:none}
a:hover,a:focus{text-decoration:underline}
code{font:.8125em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
color:var(--soft);overflow-wrap:anywhere}
ul,ol{margin:0;padding-left:1.35rem} li{margin:.3rem 0}
.label{color:var(--soft);font-weight:500}
.known,.note,.rests,.who,.kind,.other,time{color:var(--soft)}
.note,.known,.rests{font-size:.875rem} .rests{white-space:nowrap} .note{margin-top:.5rem}
.warn{color:var(--warn)} .none{color:var(--soft)}
.banner{display:flex;gap:.75rem;align-items:baseline;border-bottom:3px solid var(--strong-rule);
padding-bottom:.45rem;margin:0 0 1rem;font-size:.9375rem}
.brand{font-weight:750;letter-spacing:.02em} .banner time{margin-left:auto}
h1.whole-run{display:flex;justify-content:space-between;align-items:center;gap:1rem}
.stamp{font:700 .9375rem/1.2 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei",
"Noto Sans CJK SC","Droid Sans Fallback",sans-serif;letter-spacing:.06em;padding:.35rem .8rem;
border:2px solid;border-radius:3px}
.fail{color:var(--bad)} .pass{color:var(--good)} .open{color:var(--open)}
.company,.memo,.gate{margin-top:2.25rem}
.company+.company,.memo,.gate{border-top:3px solid var(--strong-rule);padding-top:1.5rem}
.company-head .other{font-size:1.25rem;font-weight:400}
.who{margin:.3rem 0 0}
.verdict{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:2rem;margin:1.1rem 0}
.decision{border-left:6px solid;padding:.1rem 0 .1rem 1.1rem}
.decision p,.decision dl{color:var(--ink)} .decision .word{color:inherit}
.decision .decision-word{color:inherit;margin:0}
.decision .word{font-size:2.25rem;line-height:1.1}
.sentence{font-size:1.0625rem} .decision .must{color:var(--bad)}
.decision .accepted-count{color:var(--soft)}
dl{margin:.8rem 0 0;display:grid;gap:.2rem} dl div{display:flex;gap:.75rem}
dt{color:var(--soft);flex:0 0 8.5rem} dd{margin:0;min-width:0}
.grade-line{margin:0;display:flex;align-items:baseline;gap:.6rem}
.grade-letters{font-size:2.25rem;line-height:1.1} .grade-note{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.8125rem;color:var(--soft);font-weight:550;border-bottom:1px solid var(--ink);
vertical-align:bottom;padding-top:0;word-break:keep-all}
tbody tr{border-bottom:1px solid var(--rule)}
tbody th{font-weight:550}
.number{text-align:right;white-space:nowrap}
.part{margin-top:2rem}
.part h3,.memo h3{border-top:1px solid var(--strong-rule);padding-top:.5rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:2rem}
.grades td,.grades th{padding-top:.25rem;padding-bottom:.25rem;vertical-align:middle}
.grades th{white-space:normal} .grades .number{width:1%}
.grades .ends{display:none} .grades svg{display:block}
.letter-cell{font-weight:700} .letter-cell .ends{display:none}
.chip{display:inline-block;font-size:.75rem;line-height:1.3;font-weight:600;padding:.08rem .42rem;
border:1px solid;border-radius:3px;white-space:nowrap;color:var(--soft);margin-right:.25rem;
font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
"Droid Sans Fallback",sans-serif}
.s-critical{color:var(--paper);background:var(--bad);border-color:var(--bad)}
.s-high,.fail.chip,.v-mismatch,.v-unresolved,.n-error{color:var(--bad);
background:var(--bad-ground)}
.s-medium,.chip.warn,.v-overprecise,.n-warning{color:var(--warn);background:var(--warn-ground)}
.pass.chip,.v-match{color:var(--good);background:var(--good-ground)}
.o-unknown,.open.chip{color:var(--open);background:var(--open-ground);border-style:dashed}
.g-fails{border-color:transparent;color:var(--bad);padding-left:0}
.g-waived,.g-answered,.g-known{color:var(--accent);border-style:dotted}
.flags .message,.findings .message{display:block;font-weight:400;color:var(--soft);
font-size:.875rem}
.flags td:first-child{width:1%} .flags td:first-child .chip{margin-bottom:.2rem}
.flags th[scope=row]{min-width:14rem} .flags .newest{font-weight:650}
.flags .figure-name{color:var(--soft);font-size:.875rem;min-width:9rem}
.flags .number{min-width:4.5rem} .flags .more{border-bottom-color:transparent}
.trend{width:1%;padding-right:1rem} .trend svg{display:block}
.card{border-top:1px solid var(--rule);padding:1rem 0 1.25rem;break-inside:avoid}
.card:first-of-type{border-top:0;padding-top:.25rem}
.card h4{display:flex;gap:.4rem;align-items:baseline;font-size:1.0625rem}
.card .message{font-size:1rem;margin:.25rem 0} .card .why{color:var(--soft);max-width:46rem;
font-size:.9375rem}
.drawings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));
gap:1rem 2rem;margin:.8rem 0}
figure{margin:0;min-width:0} figcaption{font-size:.875rem;font-weight:600;margin-bottom:.35rem}
figure .note{display:block;margin-top:.15rem}
.evidence{font-size:.875rem} .evidence th{font-weight:500}
.evidence code{white-space:nowrap}
.evidence td,.evidence th{padding-top:.25rem;padding-bottom:.25rem}
.figure{white-space:nowrap;margin-right:.6rem} .state{color:var(--soft);font-style:italic}
.places code{display:inline-block;margin-right:.35rem}
.period{white-space:nowrap} .part h4{margin:1rem 0 .4rem} .card h4{margin:0 0 .3rem}
.metrics{table-layout:fixed} .metrics th:nth-child(1){width:30%}
.metrics th:nth-child(2){width:11rem} .metrics th:nth-child(4){width:6rem}
.metrics th:nth-child(5){width:6rem}
.near{color:var(--warn)} .requests td:nth-child(3){min-width:16rem}
.memo-verdict .word{letter-spacing:.05em} .memo-verdict .sentence{color:var(--ink)}
.overview{margin:1rem 0 0} .overview .scroll{margin-bottom:1rem}
.index .known{white-space:nowrap}
.index .other{display:block;font-weight:400;font-size:.875rem} .index .ends{display:block;
font-size:.8125rem;color:var(--soft)}
.measured{margin-top:2.5rem;border-top:3px solid var(--strong-rule);padding-top:1rem;
color:var(--soft);font-size:.875rem}
.measured h2{font-size:1.125rem;color:var(--ink)} .verdict-line code{color:var(--ink)}
.legend{max-width:50rem}
svg{max-width:100%;height:auto;overflow:visible} .spark,.letters{max-width:none}
svg text{font-size:11px;fill:var(--ink);
font-family:inherit}
.columns,.ladder,.shares{width:100%;max-width:26rem}
.axis{stroke:var(--faint);stroke-width:1} .bar{fill:var(--bar)} .bar.negative{fill:var(--negative)}
.bar.estimate{fill:var(--bar-soft);stroke:var(--bar);stroke-dasharray:3 2}
.bar.range{fill:var(--bar-soft);stroke:var(--bar)} .whisker{stroke:var(--ink);stroke-width:2}
.limit{stroke:var(--bad);stroke-width:1.2;stroke-dasharray:5 3}
svg .limit-words{fill:var(--bad)} svg .period,svg .limit-value,svg .unknown{fill:var(--soft)}
svg .value{font-weight:600}
.cell{fill:none;stroke:var(--rule)} .cell.a{fill:var(--a)} .cell.b{fill:var(--b)}
.cell.c{fill:var(--c)} .cell.d{fill:var(--d)} .cell.f{fill:var(--f)}
.cell.known{stroke:var(--ink);stroke-width:2} svg .letter{fill:var(--faint);font-weight:600}
svg .letter.in{fill:var(--on-letter)}
.l-a{fill:var(--a)} .l-b{fill:var(--b)} .l-c{fill:var(--c)} .l-d{fill:var(--d)} .l-f{fill:var(--f)}
.v-none{fill:var(--a)} .step.v-info,.step.v-low{fill:var(--c)} .step.v-medium{fill:var(--d)}
.step.v-high{fill:var(--f)} .step.v-critical{fill:var(--critical)}
svg .step-name{fill:var(--on-letter);font-weight:600}
.tick{stroke:var(--soft)} .pointer{fill:var(--ink)} .span{fill:var(--soft)}
.whole{fill:var(--ground)}
@media (max-width:46rem){
body{padding:1rem} h1,h2{font-size:1.5rem}
.verdict,.pair{grid-template-columns:minmax(0,1fr);gap:1.25rem}
.pair .part+.part{margin-top:0}
.metrics{table-layout:auto} .decision .word,.grade-letters{font-size:1.875rem}
table{font-size:.875rem} .flags th[scope=row]{min-width:10rem}
th,td{padding-right:.6rem} .letters{width:7.5rem} dt{flex-basis:8rem}
.flags,.flags tbody{display:block} .flags thead{display:none}
.flags tr{display:flex;flex-wrap:wrap;align-items:baseline;padding:.4rem 0}
.flags td,.flags th{padding:.1rem .6rem .1rem 0} .flags td:first-child{width:100%}
.flags th[scope=row]{flex:1 0 100%} .flags .figure-name{flex:1 1 100%;padding-top:.35rem}
.flags td.number{flex:0 0 5.2rem;text-align:left;width:auto}
.flags td.number::before{content:attr(data-period);display:block;color:var(--soft);
font-size:.75rem;font-weight:400}
.flags .more{padding-bottom:0} .flags .trend{width:auto;padding:0} .flags .blank{display:none}
}
"""

_PRINT = """
@page{size:A4;margin:12mm 14mm 14mm}
@media print{
:root{color-scheme:light;LIGHT}
html{font-size:9pt;line-height:1.4;background:none} body{max-width:none;padding:0;background:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
a{color:inherit} .scroll{overflow:visible}
.company,.memo{break-before:page;margin-top:0} .company+.company,.memo{border-top:0;padding-top:0}
.masthead+main>.company:first-child{break-before:auto;margin-top:.5rem}
.verdict{gap:1.25rem;margin:.7rem 0} .pair{gap:1.25rem} .part{margin-top:1.1rem}
.figures,.metrics,.requests{break-before:auto}
h2,h3,h4,figcaption,thead{break-after:avoid} tr,li,figure,.decision,.grade{break-inside:avoid}
thead{display:table-header-group}
th,td{padding-top:.25rem;padding-bottom:.25rem}
.drawings{grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem 2rem}
.flags .repeated{display:none} .pair{display:block;overflow:hidden;break-inside:avoid}
.pair{font-size:.92em} .pair .part{margin-top:.7rem} .pair li{margin:.15rem 0}
.pair>.part{float:left;width:48%} .pair>.part+.part{float:right}
.flags td,.flags th{padding-top:.15rem;padding-bottom:.15rem} .chip{padding:0 .35rem}
.card{break-inside:auto} .card h4,.card p,.card .drawings{break-after:avoid}
.card h4,.card p{break-inside:avoid}
.columns,.ladder,.shares{max-width:none} .flags th[scope=row]{min-width:10rem}
.flags td:first-child{white-space:nowrap}
.metrics th:nth-child(2){width:8.5rem} .letters{width:7.5rem}
.rests{white-space:normal} .spark{height:14px} .flags td,.flags th{vertical-align:baseline}
p{orphans:3;widows:3}
}
"""

#: The whole sheet. The colors of paper come last, so that they win over a dark screen's.
STYLE = (
    f":root{{color-scheme:light dark;{_LIGHT}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"
    f"{_SCREEN}{_PRINT.replace('LIGHT', _LIGHT)}"
).replace("\n", " ")
