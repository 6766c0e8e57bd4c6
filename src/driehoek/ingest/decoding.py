"""From the bytes of a text file to its text, saying how they were read."""

import re
from dataclasses import dataclass

from driehoek.problems import AnswersError, Problem

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Characters that Windows-1252 has beyond ASCII and that Western European text holds.
_WESTERN = re.compile(r"[\x00-\x7f€‚„…†‰‹›‘’“”•–—™œŒžŽšŠŸƒ ¡£§©«»®°±²³´µ·¹º½¼¾¿À-ÖØ-öø-ÿ¨¸×÷]*")
# What UTF-8 looks like when its bytes are read as Windows-1252.
_MOJIBAKE = re.compile(r"[ÂÃ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_SAVE = "save the file anew as 'CSV UTF-8' (in Excel: Save as, CSV UTF-8)"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes
    ----------
    text : str
        Without byte order mark.
    encoding : str
    remarks : tuple of str
        What a reader should know, such as that Windows-1252 was assumed.
    """

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(raw: bytes, file: str) -> Decoded:
    """Decode by byte order mark, else as UTF-8, else as Windows-1252 if that gives plain text.

    Raises
    ------
    AnswersError
        If no encoding fits, or the file holds NUL characters.
    """
    encoding = next((name for bom, name in BOMS.items() if raw.startswith(bom)), "utf-8")
    try:
        decoded = Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError as fault:
        row = raw[: fault.start].count(b"\n") + 1
        if encoding != "utf-8":
            found = f"a file marked as {encoding} whose bytes are not {encoding} (line {row})"
            problem = Problem(file, found, "a whole text file", _SAVE, check="encoding")
            raise AnswersError([problem]) from fault
        decoded = _windows(raw, file, row)
    if "\x00" in decoded.text:
        row = decoded.text[: decoded.text.index("\x00")].count("\n") + 1
        found = "a NUL character: the file is damaged, or UTF-16 without its mark"
        raise AnswersError([Problem(file, found, "plain text", _SAVE, line=row, check="encoding")])
    return decoded


def _windows(raw: bytes, file: str, line: int) -> Decoded:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as fault:
        found = "bytes that are neither UTF-8 nor Windows-1252"
        line = raw[: fault.start].count(b"\n") + 1
        problem = Problem(file, found, "UTF-8", _SAVE, line=line, check="encoding")
        raise AnswersError([problem]) from fault
    if broken := _MOJIBAKE.search(text):
        found = f"UTF-8 with damaged bytes (a {raw_byte(raw)} that is no UTF-8)"
        mend = "export it again, and do not edit it with a program that mixes encodings"
        line = min(line, text[: broken.start()].count("\n") + 1)
        raise AnswersError([Problem(file, found, "UTF-8", mend, line=line, check="encoding")])
    if not _WESTERN.fullmatch(text):
        found = "characters that no Western European text in Windows-1252 holds"
        raise AnswersError([Problem(file, found, "UTF-8", _SAVE, line=line, check="encoding")])
    words = sorted(set(re.findall(r"[^\W\d_]*[^\x00-\x7f][^\W\d_]*", text)))[:5]
    remark = "read as Windows-1252, as it is not UTF-8; look at: " + ", ".join(words)
    return Decoded(text, "cp1252", (remark,))


def raw_byte(raw: bytes) -> str:
    """Name the first byte that is not UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        return f"byte {raw[fault.start]:#04x}"
    return "byte"
