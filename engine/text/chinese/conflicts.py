"""Chinese for conflicts and evidence: which figure counts, what the slip is, what is too weak."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "{left} before {right}": "{left}优先于{right}",
    "stated by {tier} only": "仅有{tier}支持",
    "the newer source": "以较新来源为准",
    "the more precise figure": "以精度较高者为准",
    "the first in the file": "以文件中先列者为准",
    "in the company's own currency": "以公司记账本位币数据为准",
    "other stated figures make it {words}": "按其他披露数据推算为{words}",
    "what came in counts": "以实际数为准",
    "the whole counts": "以合计数为准",
    "equal after a factor of {factor}": "相差{factor}倍，疑为单位错误",
    "equal after the exchange rate {rate}": "按汇率{rate}折算后一致，疑为币种错误",
    "{figure} is the figure of {what}": "{figure}与{what}的数值相同",
    "labelled {label}": "原文标签为{label}",
    "the same in {own} and {foreign}": "以{own}与{foreign}计数值相同，疑为币种错误",
    "guided {range}, came in at {actual}": "指引{range}，实际{actual}",
    "the amount makes the share {words}": "按金额推算占比为{words}",
    "split by {dimension} it comes to {words}": "按{dimension}拆分合计为{words}",
    "no actual figure ends here": "该期末没有实际数",
}
