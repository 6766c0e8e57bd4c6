"""Office files without a clock: the same content gives the same bytes."""

import io
import re
import zipfile

MEMBER_DATE = (2000, 1, 1, 0, 0, 0)
STAMP = b"2000-01-01T00:00:00Z"
CORE = "docProps/core.xml"


def with_fixed_dates(content: bytes) -> bytes:
    """Write a zipped office file again, one fixed date in place of the time of writing."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, MEMBER_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            data = source.read(name)
            if name == CORE:
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", STAMP, data)
            target.writestr(member, data)
    return stream.getvalue()
