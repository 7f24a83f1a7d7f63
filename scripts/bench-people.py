#!/usr/bin/env python3
"""Writes people that describe nobody, for scripts/bench: rows of the register of people as CSV or Excel.

    scripts/bench-people.py ROWS PACK_DIR OUT.csv|OUT.xlsx [SEED [KIND]]

ID numbers lie in areas 99xxxx, which no province has, and other seeds give other numbers. KIND is that of the regions they live in: street or community. The same arguments give the same file.
"""
import csv
import random
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

HEADS = ["所在区划", "姓名", "证件号", "性别", "出生日期", "户籍人口", "常住人口", "联系电话", "住址", "户号",
         "与户主关系", "养老保险缴费"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红建文志国"
AREAS = (4, 8, 7, 5)
FIRST, DAYS = date(1935, 1, 1), 30_000


def id_number(seed: int, number: int, birth: date, male: bool) -> str:
    sequence, area = number % 400 * 2 + (1 if male else 2), number // 400 % 1000
    first = f"99{AREAS[seed % 4]}{area:03}{birth:%Y%m%d}{sequence:03}"
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS)) % 11]


def regions_of(pack: Path, kind: str) -> list[str]:
    with next(pack.glob("**/regions.tsv")).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["code"] for row in rows if row["kind"] == kind and not row["valid_to"]]


def rows(count: int, regions: list[str], seed: int):
    chance = random.Random(seed)
    for number in range(count):
        birth, male = FIRST + timedelta(days=chance.randrange(DAYS)), chance.random() < 0.5
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
        yield [chance.choice(regions), name, id_number(seed, number, birth, male), "男" if male else "女", birth.isoformat(),
               "是", "是", f"154{chance.randrange(10**8):08}", f"样例路 {number % 900 + 1} 弄 {number % 40 + 1} 号",
               f"B{number // 3:07}", "户主" if number % 3 == 0 else "其他", "是" if chance.random() < 0.7 else "否"]


def write_xlsx(out: Path, lines) -> None:
    names = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="people" sheetId="1" r:id="rId1"/></sheets></workbook>',
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in names.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for number, line in enumerate(lines, 1):
                cells = "".join(f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' for at, text in enumerate(line))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def main() -> None:
    count, pack, out = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    kind = sys.argv[5] if len(sys.argv) > 5 else "street"
    lines = [HEADS, *rows(count, regions_of(pack, kind), seed)]
    if out.suffix == ".xlsx":
        write_xlsx(out, lines)
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)


if __name__ == "__main__":
    main()
