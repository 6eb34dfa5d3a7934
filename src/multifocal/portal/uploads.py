"""Uploads stay in memory: nothing that somebody sends is written to a disk."""

from io import BytesIO
from typing import IO, Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""


def too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was larger than what is read."""
    request.POST  # noqa: B018 # a file is read when this is first asked for
    return any(getattr(handler, "too_large", False) for handler in request.upload_handlers)


class InMemoryOnly(FileUploadHandler):
    """Keep a file in memory, and stop reading one that is too large.

    A file that is too large does not arrive at all: `too_large` says so.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Begin: Django calls this before it reads anything."""
        self.content = BytesIO()
        self.too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.content = BytesIO()
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece, up to the limit."""
        if self.content.tell() + len(raw_data) > LARGEST:
            self.content = BytesIO()
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file."""
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
