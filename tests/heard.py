"""What is written into the log while a test runs, as the program writes it."""

import logging

from django.conf import settings

from cre_case.log_lines import WithoutWords


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        about = settings.LOGGING["formatters"]["line"]
        self.setFormatter(WithoutWords(about["format"], style=about["style"]))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
