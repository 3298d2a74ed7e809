"""Photos and voice notes: what may come in, what it becomes, and where its bytes lie.

Nothing received is ever stored or served. A file is recognised by its first bytes, measured before
it is decoded, decoded by one named decoder, and made anew, so that only picture and sound survive:
no place, device or name written into it, no second format hidden behind it.
"""

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pi_heif  # type: ignore[import-untyped]
from av.audio.resampler import AudioResampler
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lingka.core.problems import Problem

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
MAX_SECONDS = 300
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320
NAME_LENGTH = 64  # of a SHA-256 in hexadecimal
VOICE_RATE = 24_000
VOICE_BITS = 32_000

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Made:
    """A file made anew from what was received."""

    kind: str
    media_type: str
    data: bytes
    thumbnail: bytes | None
    seconds: float | None
    received_sha256: str


def make(received: bytes, kind: str) -> Made:
    """Make a photo or voice note anew, or say in a Problem what is wrong with it."""
    if not received:
        raise Problem("empty-file", _("This file is empty. Please choose it again."), field=kind)
    if len(received) > MAX_BYTES:
        raise Problem(
            "file-too-large", _("This file is too large. At most 20 MB, please."), field=kind
        )
    sort, decoder = sniff(received)
    if sort != kind:
        raise Problem("wrong-file", _not_of_kind(kind), field=kind)
    received_sha256 = digest(received)
    if kind == "photo":
        data, thumbnail = _photo(received, decoder)
        return Made("photo", "image/webp", data, thumbnail, None, received_sha256)
    sound, seconds = _voice(received, decoder)
    return Made("voice", "audio/mp4", sound, None, seconds, received_sha256)


def _not_of_kind(kind: str) -> str:
    if kind == "photo":
        return str(_("This is not a photo we can read. JPEG, PNG, WebP or HEIC, please."))
    return str(_("This is not a voice note we can read. Please record it again."))


_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "photo", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "photo", "PNG"),
    (b"\x1aE\xdf\xa3", "voice", "matroska"),
    (b"OggS", "voice", "ogg"),
    (b"#!AMR", "voice", "amr"),
    (b"ID3", "voice", "mp3"),
    (b"\xff\xfb", "voice", "mp3"),
    (b"\xff\xf3", "voice", "mp3"),
    (b"\xff\xf1", "voice", "aac"),
    (b"\xff\xf9", "voice", "aac"),
)


def sniff(data: bytes) -> tuple[str, str]:
    """Return kind and decoder by the first bytes; names and declared types are not believed."""
    if data[:4] == b"RIFF" and data[8:12] in {b"WEBP", b"WAVE"}:
        return ("photo", "WEBP") if data[8:12] == b"WEBP" else ("voice", "wav")
    if data[4:8] == b"ftyp":
        return ("photo", "HEIF") if data[8:12] in _HEIF_BRANDS else ("voice", "mp4")
    for start, kind, decoder in _STARTS:
        if data.startswith(start):
            return kind, decoder
    return "unknown", ""


@contextlib.contextmanager
def _decoding(kind: str) -> Iterator[None]:
    """Turn whatever a decoder trips over into a clear message: hostile files choose the error."""
    try:
        yield
    except Problem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise Problem(
            "broken-file",
            _("This file is damaged or incomplete. Please choose or record it again."),
            field=kind,
        ) from error


def _too_many_pixels() -> Problem:
    return Problem(
        "too-many-pixels",
        _("This picture has too many pixels. Please take a smaller one."),
        field="photo",
    )


def _photo(received: bytes, decoder: str) -> tuple[bytes, bytes]:
    with _decoding("photo"), Image.open(io.BytesIO(received), formats=[decoder]) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise _too_many_pixels()
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: decodes straight to a small size
        upright = ImageOps.exif_transpose(opened)
        picture = _without_transparency(upright)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        whole = _webp(picture, quality=80)
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        return whole, _webp(picture, quality=70)


def _without_transparency(picture: Image.Image) -> Image.Image:
    """On white: a transparent screenshot must not turn black."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _webp(picture: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    # Half the time of the usual method for a twentieth more bytes: many phones come in at once.
    picture.save(out, "WEBP", quality=quality, method=2, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def _voice(received: bytes, decoder: str) -> tuple[bytes, float]:
    """Any recorder's sound as mono AAC in m4a, which every phone plays."""
    with (
        _decoding("voice"),
        tempfile.TemporaryDirectory(prefix="voice") as folder,
        av.open(io.BytesIO(received), "r", format=decoder) as source,
    ):
        if not source.streams.audio:
            raise Problem("wrong-file", _not_of_kind("voice"), field="voice")
        target = Path(folder) / "note.m4a"
        seconds = _encode(source, target)
        if seconds <= 0:
            raise Problem(
                "empty-file",
                _("Nothing can be heard in this. Please record it again."),
                field="voice",
            )
        return target.read_bytes(), round(seconds, 1)


def _encode(source: av.container.InputContainer, target: Path) -> float:
    samples = 0
    resampler = AudioResampler(format="fltp", layout="mono", rate=VOICE_RATE)
    with av.open(str(target), "w", format="ipod", options={"movflags": "faststart"}) as sink:
        stream = sink.add_stream("aac", rate=VOICE_RATE, layout="mono", bit_rate=VOICE_BITS)
        for frame in source.decode(audio=0):
            frame.pts = None
            for piece in resampler.resample(frame):
                samples += piece.samples
                if samples > MAX_SECONDS * VOICE_RATE:
                    raise Problem(
                        "voice-too-long",
                        _("This recording is too long. At most five minutes, please."),
                        field="voice",
                    )
                sink.mux(stream.encode(piece))
        sink.mux(stream.encode(None))
    return samples / VOICE_RATE


# Where the bytes lie ------------------------------------------------------------------------------


def folder() -> Path:
    """The media folder of this installation."""
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    """Sharded by the first two bytes of the hash: no folder grows beyond reason."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


def digest(data: bytes) -> str:
    """The name under which bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def write(data: bytes) -> str:
    """Lay the bytes down under their hash, whole or not at all; writing twice is harmless."""
    sha256 = digest(data)
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def remove(sha256: str) -> None:
    """Delete the bytes. The caller holds the row's lock, so nobody is adding them again."""
    path_of(sha256).unlink(missing_ok=True)


def stored() -> Iterator[Path]:
    """Every file in the folder, half-written ones included."""
    return (path for path in folder().glob("??/??/*") if path.is_file())
