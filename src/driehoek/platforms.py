"""The platforms and programs whose files are read."""

from typing import Literal

Platform = Literal[
    "limesurvey",
    "qualtrics",
    "redcap",
    "kobo",
    "odk",
    "msforms",
    "googleforms",
    "spss",
    "stata",
    "csv",
    "excel",
    "web",
]
