"""Chinese for the list of facts and for what an import says, by the English template."""

WORDS: dict[str, str] = {
    # Facts: the list, the workbook, and why each counts.
    "Facts": "数据",
    "Label": "名称",
    "Unit": "单位",
    "Statement": "报表",
    "{path}: line:column at the end of each row": "{path}：行末为行号:列号",
    "not chosen": "未采用",
    "follows from stated facts; no source states it": "由已披露数据推导，无来源直接披露",
    "counts": "采用",
    "counts as a share": "作为占比采用",
    "counts for {part} only": "仅用于{part}",
    "counts as guidance": "作为业绩指引采用",
    "counts as an estimate": "作为预测采用",
    "counts as an estimate beside the actual figure": "作为预测，与实际数并列",
    "{counts}: no other source states it": "{counts}：无其他来源披露",
    "{counts}: before {source}, {reason}": "{counts}：先于{source}，{reason}",
    "does not count: {source} comes first, {reason}": "未采用：{source}在先，{reason}",
    "not seen: published on {day}, after {seen}": "不可见：发布于{day}，晚于{seen}",
    "kept apart: in {currency}, while the company reports in {own}": (
        "另列：以{currency}计，而公司以{own}列报"
    ),
    "{tier} before {other}": "{tier}优先于{other}",
    # What an import took, left out and assumed.
    "Laid down in {folder}:": "已写入{folder}：",
    ": {taken} rows taken from {file}, {left} left out, {open} of them to be settled": (
        "：自{file}导入{taken}行，略去{left}行，其中{open}行待定"
    ),
    "TO BE SETTLED in {map}": "待在{map}中确定",
    "LEFT OUT": "已略去",
    "ADD TO {map} under `labels:`": "请加入{map}的`labels:`之下",
    "NEXT": "下一步",
    "TAKEN AS NEAR, so look at them": "按近似名称导入，请核对",
    "PRINTED BELOW ZERO, kept as amounts above it": "原文为负数，已按正数记录",
    "settle `~` in {map}, then import again with `--force`": (
        "在{map}中确定各`~`项，再以`--force`重新导入"
    ),
    "; perhaps {guesses}": "；或为{guesses}",
    "company": "公司",
    "name": "名称",
    "currency": "货币",
    "year ends": "财年截至",
    "source": "来源",
    "tier": "等级",
    "published": "发布日期",
    "note": "备注",
    " (from the name of the file; `--company`)": "（取自文件名；`--company`）",
    " (the id; `--name`)": "（即标识；`--name`）",
    " (as the heads say)": "（依表头）",
    " (not said, so the calendar year; `--fiscal-year-end`)": (
        "（未说明，按自然年度；`--fiscal-year-end`）"
    ),
    " (not given, so the lowest of a document; `--tier`)": (
        "（未指定，按文件类最低等级；`--tier`）"
    ),
    " (the day the workbook was saved; `--published`)": "（工作簿保存日期；`--published`）",
}
