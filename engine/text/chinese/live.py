"""Chinese for what a watching run says above its reports, by the English template."""

WORDS: dict[str, str] = {
    "watching; Ctrl-C ends": "监视中，按 Ctrl-C 结束",
    "{names} changed": "{names} 已更改",
    "{names} and {n} more changed": "{names} 等另有{n}个文件已更改",
    "no verdict and no grade changed": "结论与评级均无变化",
    "and {n} more changes": "另有{n}项变化",
    "the grade": "评级",
    "the grade on what is known": "按已知数据的评级",
    "no longer there": "文件已不存在",
    "not judged, mistakes below: the last report no longer holds": (
        "未能评估，错误见下文；上一份报告不再有效"
    ),
    "as before": "报告无变化",
    " (waived)": "（已豁免）",
    "gone": "移除",
}
