"""Answers of carers written as each platform writes them, in each of its dialects."""

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
from ingest_example import csv_text, qualtrics_text

AGREE = ["klopt helemaal niet", "klopt niet echt", "klopt een beetje", "klopt", "klopt helemaal"]
LABELS = {
    "informed": {"1": "ja", "2": "nee"},
    "living": {"1": "ja", "2": "nee"},
    "grade": {"1": "0", "2": "1", "3": "2", "4": "3"},
} | dict.fromkeys(
    ("tru1c", "attend", "tru2c"),
    {str(i): text for i, text in enumerate(AGREE, 1)} | {"9": "weet ik niet"},
)
WORDS = {
    "informed": "Doet u mee?",
    "triadcode": "Code",
    "living": "Woont u samen?",
    "hours": "Uren",
    "travel": "Reistijd",
    "tru1c": "Ik vertrouw uw naaste.",
    "attend": "Kies klopt.",
    "tru2c": "Ik twijfel aan uw naaste.",
    "grade": "Cijfer",
    "remark": "Opmerking",
}
GRID = ("tru1c", "tru2c")
LIME = {"started": "startdate", "submitted": "submitdate"}
LIME_WORDS = {
    "id": "Respons-ID",
    "submitdate": "Datum verzonden",
    "lastpage": "Laatste pagina",
    "startlanguage": "Begin taal",
    "startdate": "Startdatum",
    "ipaddr": "IP-adres",
}


@dataclass(frozen=True)
class Dialect:
    """A way to write the table; `finished` where it holds only what people sent in."""

    name: str
    write: Callable[[pd.DataFrame], bytes]
    finished: bool = False


def labelled(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(**{n: raw[n].map(LABELS[n] | {"": ""}) for n in LABELS})


def lime(raw: pd.DataFrame) -> pd.DataFrame:
    ids = [str(i) for i in range(1, len(raw) + 1)]
    own = {"lastpage": "1", "startlanguage": "nl", "ipaddr": "192.0.2.7", "interviewtime": "9.5"}
    return raw.rename(columns=LIME).assign(id=ids, **own, groupTime1="1.04", livingTime="")


def lime_csv(raw: pd.DataFrame, delimiter: str = ",") -> bytes:
    """As LimeSurvey does: every cell in quotes, a byte order mark, an empty last line."""
    cells = [list(raw.columns), *raw.to_numpy().tolist()]
    lines = [delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in cells]
    return "\r\n".join([*lines, "", ""]).encode("utf-8-sig")


def gridded(raw: pd.DataFrame, form: str) -> pd.DataFrame:
    table = lime(raw)
    return table.rename(columns={name: form.format(name) for name in GRID})


def lime_text(raw: pd.DataFrame) -> pd.DataFrame:
    leads = {WORDS[name]: f"In hoeverre klopt dit? [{WORDS[name]}]" for name in GRID}
    table = lime(labelled(raw)).rename(columns=LIME_WORDS | WORDS).rename(columns=leads)
    return table.assign(Doel="N/A")


def lime_code_and_text(raw: pd.DataFrame) -> pd.DataFrame:
    table = gridded(labelled(raw), "sc1[{}]")
    return table.rename(columns={name: f"{name}. Woorden van {name}; hier" for name in table})


def lime_json(raw: pd.DataFrame, *, nested: bool = False) -> bytes:
    rows = gridded(raw, "sc1[{}]").to_dict("records")
    records = [{name: cell or None for name, cell in row.items()} for row in rows]
    wrapped = [{each["id"]: each} for each in records] if nested else records
    return json.dumps({"responses": wrapped}).encode()


def lime_vv(raw: pd.DataFrame) -> bytes:
    table = gridded(raw, "sc1_{}")
    for mark, sign in (("{tab}", "\t"), ("{newline}", "\n"), ("{cr}", "\r"), ("{quote}", '"')):
        table = table.map(lambda cell, mark=mark, sign=sign: cell.replace(sign, mark))
    table = table.replace("", "{question_not_shown}")
    numbers = table["hours"].where(table["hours"].str.isdecimal(), table["hours"])
    table["hours"] = numbers.str.replace(r"^(\d+)$", r"\1.0000000000", regex=True)
    texts = pd.DataFrame([["Woorden"] * len(table.columns)], columns=table.columns)
    rows = [texts.iloc[0].tolist(), list(table.columns), *table.to_numpy().tolist()]
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def excel(raw: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    # A workbook cannot hold most control characters.
    raw.map(lambda cell: "".join(c for c in cell if c >= " ")).to_excel(stream, index=False)
    return stream.getvalue()


def finished(raw: pd.DataFrame) -> pd.DataFrame:
    return raw[raw["submitted"] != ""].reset_index(drop=True)


def qualtrics(raw: pd.DataFrame, yes: str, no: str) -> pd.DataFrame:
    done = raw["submitted"].map(lambda time: yes if time else no)
    table = raw.rename(columns={"submitted": "EndDate", "started": "StartDate"})
    return table.assign(Finished=done, ResponseId="R_1", IPAddress="192.0.2.7", Status="0")


def qualtrics_2016(raw: pd.DataFrame) -> bytes:
    table = qualtrics(raw.assign(**{n: raw[n].replace("", "-99") for n in LABELS}), "1", "0")
    ids = ["{'ImportId': 'QID" + str(i) + "-1'}" for i in range(len(table.columns))]
    heads = pd.DataFrame([[f"Woorden {n}" for n in table], ids], columns=table.columns)
    return csv_text(pd.concat([heads, table])).encode()


def qualtrics_legacy(raw: pd.DataFrame) -> bytes:
    own = ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress"]
    own += ["IPAddress", "Status", "StartDate", "EndDate", "Finished"]
    rest = [name for name in raw if name not in ("started", "submitted")]
    rows = [[f"V{i}" for i in range(1, 11)] + rest, own + [f"Woorden {name}" for name in rest]]
    for row in raw.to_dict("records"):
        done = "1" if row["submitted"] else "0"
        meta = ["R_1", "Standaard", "Anoniem", "", "", "192.0.2.7", "0", row["started"]]
        rows.append([*meta, row["submitted"], done, *(row[name] for name in rest)])
    table = pd.DataFrame(rows[1:], columns=rows[0], dtype="str").assign(**{"": ""})
    return csv_text(table).encode("utf-8-sig")


def redcap(raw: pd.DataFrame) -> pd.DataFrame:
    ids = [str(i) for i in range(1, len(raw) + 1)]
    stamp = raw["submitted"].replace("", "[not completed]")
    table = raw.drop(columns=["started", "submitted"])
    table.insert(0, "record_id", ids)
    done = raw["submitted"].map(lambda time: "2" if time else "0")
    return table.assign(small_timestamp=stamp, box___1="0", small_complete=done)


def redcap_labels(raw: pd.DataFrame) -> pd.DataFrame:
    own = {"record_id": "Record ID", "small_timestamp": "Survey Timestamp"}
    table = redcap(labelled(raw)).rename(columns=own | WORDS | {"small_complete": "Complete?"})
    return table.assign(
        **{"Complete?": table["Complete?"].map({"2": "Complete", "0": "Incomplete"})}
    )


def kobo(raw: pd.DataFrame, prefix: str = "") -> pd.DataFrame:
    table = finished(raw)
    times = {"start": table.pop("started"), "end": table.pop("submitted")}
    table.columns = [prefix + name for name in table.columns]
    picked = {"src": "email phone", "src/email": "1", "src/phone": "1"}
    return table.assign(**times, **picked, _uuid="u", _submission_time=times["end"])


def odk(raw: pd.DataFrame) -> pd.DataFrame:
    table = finished(raw)
    times = {"SubmissionDate": table.pop("submitted") + ".000Z", "start": table.pop("started")}
    table.columns = ["page_1-" + name for name in table.columns]
    return table.assign(**times, KEY="uuid:1", SubmitterName="A", **{"meta-instanceID": "uuid:1"})


def microsoft(raw: pd.DataFrame) -> bytes:
    times = {"started": "Begintijd", "submitted": "Tijd van voltooien"}
    table = labelled(finished(raw)).rename(columns=WORDS | times)
    return excel(table.assign(ID="1", Naam="Jan", **{"E-mail": "anonymous"}))


def google(raw: pd.DataFrame) -> bytes:
    table = labelled(finished(raw)).drop(columns="started")
    table.insert(0, "Tijdstempel", table.pop("submitted"))
    rows = {name: f"Klopt dit? [{WORDS[name]}]" for name in GRID}
    return csv_text(table.rename(columns=WORDS | rows)).encode()


def web(raw: pd.DataFrame) -> bytes:
    records = [
        {
            "instrument": "small",
            "version": "0.1.0",
            "role": "carer",
            "language": "nl",
            "started": row.pop("started"),
            "submitted": row.pop("submitted"),
            "complete": True,
            "answers": {name: cell or None for name, cell in row.items()},
        }
        for row in finished(raw).to_dict("records")
    ]
    return "\n".join(map(json.dumps, records)).encode()


def entry(raw: pd.DataFrame) -> bytes:
    """Write the workbook for paper forms: no times, everybody finished."""
    return excel(finished(raw).drop(columns=["started", "submitted"]))


def statistics_file(raw: pd.DataFrame, ending: str) -> bytes:
    """Write codes as numbers with their labels, as SPSS and Stata keep them."""
    numbers = [*LABELS, "hours", "travel"]
    table = raw.assign(**{n: pd.to_numeric(raw[n]).astype(float) for n in numbers})
    labels = {n: {float(code): text for code, text in LABELS[n].items()} for n in LABELS}
    write = pyreadstat.write_sav if ending == ".sav" else pyreadstat.write_dta
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"any{ending}"
        write(table, path, variable_value_labels=labels)
        return path.read_bytes()


DIALECTS = {
    "LimeSurvey, codes": Dialect("a.csv", lambda raw: lime_csv(lime(raw))),
    "LimeSurvey, brackets": Dialect("a.csv", lambda raw: lime_csv(gridded(raw, "sc1[{}]"), ";")),
    "LimeSurvey, ExpressionScript": Dialect("a.csv", lambda raw: lime_csv(gridded(raw, "sc1_{}"))),
    "LimeSurvey, code and text": Dialect("a.csv", lambda raw: lime_csv(lime_code_and_text(raw))),
    "LimeSurvey, full text": Dialect("a.csv", lambda raw: lime_csv(lime_text(raw))),
    "LimeSurvey, Excel": Dialect("a.xlsx", lambda raw: excel(gridded(raw, "sc1[{}]"))),
    "LimeSurvey, Excel in full": Dialect("a.xls", lambda raw: excel(lime_text(raw))),
    "LimeSurvey, JSON": Dialect("a.json", lime_json),
    "LimeSurvey, older JSON": Dialect("a.json", lambda raw: lime_json(raw, nested=True)),
    "LimeSurvey, VV": Dialect("a.csv", lime_vv),
    "Qualtrics, labels": Dialect(
        "a.csv", lambda raw: qualtrics_text(qualtrics(labelled(raw), "True", "False")).encode()
    ),
    "Qualtrics, numbers in a UTF-16 TSV": Dialect(
        "a.tsv", lambda raw: qualtrics_text(qualtrics(raw, "1", "0"), "\t").encode("utf-16")
    ),
    "Qualtrics, 2016": Dialect("a.csv", qualtrics_2016),
    "Qualtrics, before 2016": Dialect("a.csv", qualtrics_legacy),
    "REDCap, raw": Dialect("a.csv", lambda raw: csv_text(redcap(raw)).encode()),
    "REDCap, labels in cells": Dialect(
        "a.csv", lambda raw: csv_text(redcap(labelled(raw)), ";").encode()
    ),
    "REDCap, labels": Dialect("a.csv", lambda raw: csv_text(redcap_labels(raw)).encode()),
    "KoBo, no groups": Dialect("a.csv", lambda raw: lime_csv(kobo(raw), ";").rstrip(), True),
    "KoBo, groups": Dialect("a.xlsx", lambda raw: excel(kobo(raw, "page_1/")), True),
    "ODK Central": Dialect("a.csv", lambda raw: csv_text(odk(raw)).encode(), True),
    "Microsoft Forms": Dialect("a.xlsx", microsoft, True),
    "Google Forms": Dialect("a.csv", google, True),
    "our web page": Dialect("a.json", web, True),
    "our workbook for entry": Dialect("a.xlsx", entry, True),
    "Dutch Excel, CSV": Dialect(
        "a.csv",
        lambda raw: csv_text(
            labelled(raw).assign(travel=raw["travel"].str.replace(".", ",")), ";"
        ).encode("utf-8-sig"),
    ),
    "Unicode text": Dialect("a.txt", lambda raw: csv_text(labelled(raw), "\t").encode("utf-16")),
    "sep line": Dialect("a.csv", lambda raw: ("sep=;\r\n" + csv_text(raw, ";")).encode()),
    "Excel": Dialect("a.xlsx", excel),
}
# Each of these is read in a process of its own.
BINARY = {
    "SPSS": Dialect("a.sav", lambda raw: statistics_file(raw, ".sav")),
    "Stata": Dialect("a.dta", lambda raw: statistics_file(raw, ".dta")),
}
