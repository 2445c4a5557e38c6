"""Chinese for what an import and a new repository say, by the English template."""

WORDS: dict[str, str] = {
    ": rows of {file} taken {taken}, left out {left}, to be settled {open}": (
        "：{file}中已采用{taken}行，舍去{left}行，待确认{open}行"
    ),
    "company": "公司",
    "name": "名称",
    "currency": "币种",
    "year ends": "财年截止",
    "tier": "可信度",
    "published": "发布日",
    "note": "说明",
    " (from the name of the file; `--company`)": "（取自文件名，可用 `--company` 指定）",
    " (the id; `--name`)": "（取自公司代号，可用 `--name` 指定）",
    " (as the heads say)": "（据表头）",
    " (not said, so the calendar year; `--fiscal-year-end`)": (
        "（未注明，按自然年处理，可用 `--fiscal-year-end` 指定）"
    ),
    " (not given, so the company's own account; `--tier`)": (
        "（未指定，按管理层资料处理，可用 `--tier` 指定）"
    ),
    " (the day the workbook was saved; `--published`)": (
        "（工作簿最后保存日，可用 `--published` 指定）"
    ),
    "TAKEN AS NEAR, so look at them": "近似匹配，请核对",
    "PRINTED BELOW ZERO, kept as amounts above it": "原文以负数列示，按正数金额保留",
    "TO BE SETTLED in {map}": "待在 {map} 中确认",
    "LEFT OUT": "已舍去",
    "CELLS THAT COULD NOT BE USED: {count}, named as warnings below": (
        "无法采用的单元格：{count}个，见下方警告"
    ),
    "ADD TO {map} under `labels:`": "请在 {map} 的 `labels:` 下补充",
    "NEXT": "下一步",
    "settle `~` in {map}, then import again with `--force`": (
        "在 {map} 中填写标为 `~` 的各行，再加 `--force` 重新导入"
    ),
    " (perhaps {guesses})": "（可能是 {guesses}）",
    # why a row is left out
    "it states nothing": "该行没有数字",
    "figures without a label": "有数字而无名称",
    "`{key}` is ignored in the map": "对照表中 `{key}` 已设为忽略",
    "no concept is called so": "没有以此命名的指标",
    "more than one concept is called so": "有多个指标以此命名",
    "nearly another name, with a word that changes the meaning": (
        "与另一名称相近，但有一处用词改变了含义"
    ),
    "a ratio that no metric is called by": "是比率，但没有以此命名的指标",
    "a change, under `{section}`, not the balance": "位于“{section}”之下，是变动额而非余额",
    "it stands under `{section}`": "位于“{section}”之下",
    "a part of `{section}`": "是“{section}”的一部分",
    "its period cannot be told from a day": "表头仅为日期，无法判断所属期间",
    "none of its figures can be used": "该行数字均无法采用",
    "`{concept}` is taken from another row, the same": "`{concept}` 已从另一行取得，数值相同",
    "{cell} reads as `{concept}` too, and differs": "{cell} 同样对应 `{concept}`，但数值不同",
    "the map gives `{concept}` to {cell}": "对照表将 `{concept}` 指定给了 {cell}",
    "a loss, or cash used, printed without a sign: is it below zero?": (
        "名称为亏损或现金流出，但数字未带负号：是否为负？"
    ),
    "some of its figures are below zero, which `{concept}` cannot be": (
        "部分数字为负，而 `{concept}` 不可能为负"
    ),
    "costs of this statement are printed as negative figures: is this one, too?": (
        "本表的成本费用以负数列示：此行是否也是？"
    ),
    "only with the opposite sign does `{result}` add up: is it reversed?": (
        "只有正负号相反时 `{result}` 才勾稽相符：此行符号是否相反？"
    ),
    "its figures are percentages, and `{concept}` is {unit}": (
        "该行为百分比，而 `{concept}` 的单位是{unit}"
    ),
    "its unit is {said}, and `{concept}` is {unit}": (
        "该行单位是{said}，而 `{concept}` 的单位是{unit}"
    ),
    "its unit is no ratio, and `{concept}` is one": "该行单位不是比率，而 `{concept}` 是比率",
    "its unit is not said": "未注明单位",
    "its unit is not said: the scale of the table may not be meant": (
        "未注明单位：表头的金额单位未必适用"
    ),
    "its unit is not said: a percentage, or a fraction?": "未注明单位：是百分比还是小数？",
    # how a spreadsheet was read
    "read as {encoding}": "按 {encoding} 编码读取",
    "cells are separated by {what}": "单元格以 {what} 分隔",
    "decimal commas are written as points": "小数逗号已改写为小数点",
    "sheet `{sheet}` is hidden and was left out; `--sheet` takes it": (
        "工作表“{sheet}”为隐藏状态，未读取，可用 `--sheet` 指定"
    ),
    "sheet `{sheet}` has no heads of periods, so nothing was taken from it": (
        "工作表“{sheet}”没有期间表头，未取数"
    ),
    "{cell}: a statement without a unit of its own has that of the one above": (
        "{cell}：该表未注明单位，沿用上一张表的单位"
    ),
    "columns headed `{head}` are left out: {cells}": "以“{head}”为表头的列未取数：{cells}",
    "the workbook has macros; they were not run": "工作簿含宏，未运行",
    "{count} columns headed by days a year apart are fiscal years ({years})": (
        "{count}列的表头为间隔一年的日期，按财年处理（{years}）"
    ),
    # a new repository
    "Laid down in {folder}:": "已在 {folder} 中建立：",
    "what to do next": "下一步做什么",
    "a company that does not exist, with its facts": "一家虚构公司及其事实",
    "a pack of your own, on top of the shipped ones": "自有规则包，建立在内置规则之上",
    "two rules with their tests": "两条规则及其测试",
    "a memo on it, whose numbers are tagged": "该公司的备忘录，数字均已标注",
    "the policy: what the gate asks for": "政策：关卡的要求",
    "what is accepted for a time: nothing yet": "限期豁免：目前为空",
    "who approves changes to what decides": "裁决依据的变更由谁审批",
    "the gate on each pull request": "在每个合并请求上运行关卡",
    "the same before each commit": "每次提交前运行同样的检查",
    "what does not belong into git": "不纳入git的内容",
    "a printed statement to import": "一份可供导入的报表",
}
