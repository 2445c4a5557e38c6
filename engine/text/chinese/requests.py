"""Chinese for the letter of requests, by the English template."""

WORDS: dict[str, str] = {
    "Request for information": "补充资料清单",
    "To: {company}": "致：{company}",
    "Date: {day}": "日期：{day}",
    "Dear Sir or Madam,": "您好！",
    "We have no question at present.": "我们目前没有需要补充的问题。",
    "Yours sincerely,": "顺颂商祺",
    (
        "We are completing our review of {company} on the basis of documents published by {day}. "
        "The questions below are about figures that we could not find in them or could not "
        "reconcile. We would be grateful for answers in the order given. Where a figure is not "
        "kept in the form asked for, please send the nearest one that you have and say how it is "
        "defined."
    ): (
        "我们正在根据截至{day}已公布的资料对{company}进行研究。以下问题所涉数据，我们在上述资料中未能查到，"
        "或未能核对一致，烦请贵公司按所列顺序答复。如无法按所列口径提供，请提供最接近的数据并说明其口径。"
    ),
    "{period} is the financial year that ended on {day}; amounts are in {unit}.": (
        "文中{period}指截至{day}止的财政年度；金额单位为{unit}。"
    ),
    (
        "Please name for each figure the document that it is taken from. Should a question be "
        "unclear, or its answer not be available, a short note is welcome. Thank you for your time."
    ): (
        "烦请就每项数据注明所依据的文件。如问题表述不清，或相关数据暂时无法提供，亦请简要说明。"
        "感谢贵公司的支持与配合！"
    ),
    "Needed first": "优先提供",
    "Further figures": "其他数据",
    "Points to explain": "需说明的事项",
    "Wanted": "所需数据",
    "About": "所涉数据",
    "We have": "我们已掌握",
    "Needed to work out": "用于计算",
    "Evidence wanted": "依据文件",
    "{title} for {periods}": "{periods}的{title}",
    "{title} on {periods}": "{periods}的{title}",
    "{title} at the end of {periods}": "{periods}末的{title}",
    "in {unit}": "单位：{unit}",
    "in percent": "以百分比表示",
    "{facts} by {dimensions}": "按{dimensions}拆分的{facts}",
    ", or what it is worked out from: {facts}": "，或据以计算的数据：{facts}",
    "millions of {currency}": "百万{currency}",
    "{currency} {amount} million": "{amount}百万{currency}",
    "over {value}": "超过{value}",
    "under {value}": "低于{value}",
    ", {scope} only": "（仅{scope}）",
    "{value} for {period}": "{period}为{value}",
    "{value} on {period} ({source}, {day})": "{period}为{value}（{source}，{day}）",
    "{value} for {period} ({source}, {day})": "{period}为{value}（{source}，{day}）",
    "for {period} only a range, {range}": "{period}仅知区间{range}",
    "{first} to {last}": "{first}至{last}",
    "{period}, as guided": "{period}业绩指引",
    "{period}, as estimated": "{period}预测",
    "a reconciliation, with references to the accounts": (
        "差异调节表或书面说明，并注明对应的报表项目"
    ),
    "the announcement in which the guidance was given": "发布该业绩指引的公告",
    (
        "audited accounts or a filing, with the page; before the audit, management accounts marked "
        "as unaudited"
    ): "经审计财务报表或监管披露文件（请注明页码）；如尚未审计，请提供注明“未经审计”的管理层报表",
    (
        "a published figure with its page, or an extract of the billing, sales or customer records "
        "with the definition used"
    ): "已公开披露的数据（请注明页码），或计费、销售、客户系统的导出数据，并说明统计口径",
}
