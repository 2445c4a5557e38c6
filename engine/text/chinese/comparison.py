"""Chinese for the comparison of companies, by the English template."""

WORDS: dict[str, str] = {
    "COMPARISON of {n} companies": "{n}家公司对比",
    "COMPARISON of 1 company: the others could not be judged": "1家公司：其余公司无法评估",
    "today {day}": "今日{day}",
    "Judged on": "评估期间",
    "Facts as of": "资料截至",
    "Money in": "金额单位",
    "Evidence": "证据来源",
    "Grade": "评级",
    "Gate {level}": "准入门槛（{level}）",
    "PASS": "通过",
    "FAIL": "未通过",
    "CANNOT JUDGE": "无法判断",
    "  flags at the gate": "  触及准入门槛的风险",
    "  must-know unknown": "  必知而未知",
    "  rules up/pass/unknown/n.a.": "  规则 触发/通过/未知/不适用",
    "{name} assumed: {text}": "{name} 假设：{text}",
    "nothing": "无",
    "none": "无",
    "{period}, quarters to {q}": "{period}，季度至{q}",
    "no date": "无日期",
    "{day} OLD": "{day} 资料陈旧",
    "{day}!": "{day}!",
    "{currency} m, FY ends {month}": "百万{currency}，财年截至{month}月",
    "{currency} m FY {month}": "百万{currency} {month}月",
    "{currency} m": "百万{currency}",
    ", ": "、",
    "audited": "经审计",
    "filing": "监管文件",
    "release": "公司公告",
    "broker": "券商",
    "press": "媒体",
    "management": "管理层",
    "model": "模型",
    "FIGURES": "主要数据",
    "RULES": "风险规则",
    "unknown": "未知",
    "n/a": "不适用",
    "pass": "通过",
    "flag": "触发",
    "critical": "严重",
    "high": "高",
    "medium": "中",
    "low": "低",
    "info": "提示",
    "assumed": "假设",
    "disputed": "有争议",
    "stated": "披露",
    "behind": "非最新期",
    "stale": "已过期",
    "estimate": "预测",
    " · ": " · ",
    "▲ best, ▼ worst: where a metric says which way is better, over spans of one length that end "
    "within a year, money in one currency alone, ranges that do not meet": (
        "▲ 最优，▼ 最差：仅在指标有优劣方向、期间等长且截止日相差不超过一年、"
        "金额同币种、区间互不重叠时标注"
    ),
    "amounts in millions, each in its own currency; a period is named where it is not the one "
    "that the company is judged on": (
        "金额单位为百万，各按本币；数据期间与该公司评估期间不同者另行注明"
    ),
    "nothing is ranked: the years are too far apart; --period {period} joins them": (
        "未标注优劣：各公司年度相隔过远；可用 --period {period} 统一期间"
    ),
    "{n} more metrics that are not graded and known of one company alone: --all": (
        "另有{n}项不计评级、仅一家公司可知的指标：--all"
    ),
    "{n} more rules up at low or info: --all": "另有{n}条低级别或提示级规则触发：--all",
    "{name}: unknown instead of {before}": "{name}：视为未知，原为{before}",
    "{name}: {value} where no source states it": "{name}：{value}，原无来源披露",
    "{name}: {value} instead of {before}": "{name}：{value}，原为{before}",
}
