"""Answers with a large object piece by piece from the disk.

The local AWS reads all of an object for every request, whatever range it asks for, and hands it on as one piece; with an
object of 3 GiB a single pull took more than 20 GiB of memory.
"""

import contextvars
import os

from ministack.core.responses import StreamingResponse
from ministack.services import s3

LARGE_BYTES = 8 * 2**20
PIECE_BYTES = 2**20

_get_object = s3._get_object
_read_body = s3._read_body
_to_be_sent = contextvars.ContextVar("what is read is the body of an answer", default=False)


class StoredBytes:
    """Bytes of a file that are read when they are sent; a slice of them is more of the same."""

    def __init__(self, path, start, end):
        self.path, self.start, self.end = path, start, end

    def __len__(self):
        return self.end - self.start

    def __getitem__(self, wanted):
        start, end, _ = wanted.indices(len(self))
        return StoredBytes(self.path, self.start + start, self.start + max(start, end))

    def pieces(self):
        with open(self.path, "rb") as file:
            file.seek(self.start)
            left = len(self)
            while left > 0:
                piece = file.read(min(PIECE_BYTES, left))
                if not piece:
                    raise EOFError(f"{self.path} ended {left} bytes early")
                left -= len(piece)
                yield piece


def _streamed(stored):
    async def run(send, _receive):
        for piece in stored.pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return StreamingResponse(run)


def _read_body_later(bucket, key, record):
    if _to_be_sent.get() and record.get("body") is None and record.get("size", 0) >= LARGE_BYTES:
        path = s3._object_disk_path(bucket, key)
        if path is not None and os.path.exists(path) and os.path.getsize(path) == record["size"]:
            return StoredBytes(path, 0, record["size"])
    return _read_body(bucket, key, record)


def _get_object_in_pieces(bucket, key, headers, query=None):
    token = _to_be_sent.set(True)
    try:
        status, answer_headers, body = _get_object(bucket, key, headers, query)
    finally:
        _to_be_sent.reset(token)
    if not isinstance(body, StoredBytes):
        return status, answer_headers, body
    return status, {**answer_headers, "Content-Length": str(len(body))}, _streamed(body)


def install():
    s3._get_object = _get_object_in_pieces
    s3._read_body = _read_body_later
