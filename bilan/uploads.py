"""Files that people send and get back.

Guarantees: the application keeps a file in memory, within a bound, until it is encrypted: never
in clear on the disk; only a view that says so takes more than a form; a file leaves
only as a download, which no browser shows nor runs.
"""

import io
import itertools
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Request, Response, current_app, request, stream_with_context
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import ValidationError

from bilan.filetypes import FileType, NotAccepted, clean_name, download_name, identify, size_words
from bilan.protection import POLICY

FILE_BYTES = 10 * 1024 * 1024
# More than a file may have: what is a little too large still meets its form again, with what was typed.
REQUEST_BYTES = 24 * 1024 * 1024
View = TypeVar("View", bound=Callable[..., Any])


class BoundedFile(io.BytesIO):
    """A file being received: kept in memory up to one byte more than is accepted; the rest is forgotten as it comes."""

    def write(self, data: Any) -> int:
        """Keep what there is room for."""
        room = FILE_BYTES + 1 - self.tell()
        if room > 0:
            super().write(data[:room])
        return len(data)


class UploadRequest(Request):
    """A request whose files stay in memory."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> BoundedFile:
        return BoundedFile()


def takes_files(view: View) -> View:
    """Declare that a view takes a file with its form."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def allow_files() -> None:
    """Let a form with a file be as large as that file, for the views that take one, before anything reads it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False) and request.mimetype == "multipart/form-data":
        request.max_content_length = REQUEST_BYTES


class UploadField(FileField):
    """One file: after validation `content`, `kind` and `name` are set when there is one."""

    data: FileStorage | None
    content: bytes = b""
    kind: FileType
    name_of_file: str = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file of that name, if one was chosen."""
        self.data = request.files.get(self.name) or None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is too large, empty, or of a type that is not accepted."""
        if self.data is None:
            return
        content = self.data.stream.read(FILE_BYTES + 1)
        if len(content) > FILE_BYTES:
            limit = size_words(FILE_BYTES)
            raise ValidationError(f"Ce fichier dépasse {limit}. Envoyez-le en plusieurs parties, ou réduisez-le, puis réessayez.")
        try:
            self.kind = identify(content)
        except NotAccepted as refused:
            raise ValidationError(refused.sentence) from None
        self.content, self.name_of_file = content, clean_name(self.data.filename or "")

    def joined(self) -> dict[str, Any] | None:
        """Return the file as a table keeps it (`name`, `media_type`, `content`), None when none was chosen."""
        if not self.content:
            return None
        return {"name": self.name_of_file, "media_type": self.kind.media_type, "content": self.content}


def send_download(content: bytes | Iterator[bytes], *, name: str, media_type: str) -> Response:
    """Answer with a file to save: attachment, its true type, nothing sniffed, nothing run; parts leave as they are made."""
    if not isinstance(content, bytes):
        # The first one now: what fails at once still has a page of its own.
        first = list(itertools.islice(content, 1))
        content = stream_with_context(itertools.chain(first, content))
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", **_file_names(download_name(name, media_type)))
    response.headers["Content-Security-Policy"] = f"{POLICY}; sandbox"
    return response


def _file_names(name: str) -> dict[str, str]:
    """Return the two ways to write a name in a header: in ASCII for the oldest programs, whole for the others (RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace('"', "'")
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
