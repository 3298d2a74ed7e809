"""What may come in as a photo or voice note, and what it becomes."""

import io
import struct
import zlib

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from lingka.cases import media
from lingka.core.problems import Problem


def _picture(width=400, height=300):
    picture = Image.new("RGB", (width, height), "#c8b8a0")
    ImageDraw.Draw(picture).ellipse((20, 20, width // 2, height // 2), fill="#1c4e80")
    return picture


def _bytes(picture, form="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _sound(seconds=2.0, form="ogg", codec="libopus", rate=48_000):
    out = io.BytesIO()
    t = np.arange(int(seconds * rate)) / rate
    wave = (np.sin(2 * np.pi * 330 * t) * 12_000).astype(np.int16).reshape(1, -1)
    with av.open(out, "w", format=form) as sink:
        stream = sink.add_stream(codec, rate=rate, layout="mono")
        for start in range(0, wave.shape[1], 960):
            piece = np.ascontiguousarray(wave[:, start : start + 960])
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
            frame.sample_rate = rate
            frame.pts = start
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return out.getvalue()


def _code(data, kind="photo"):
    with pytest.raises(Problem) as caught:
        media.make(data, kind)
    assert str(caught.value.message)
    assert caught.value.field == kind
    return caught.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_each_kind_becomes_webp_with_a_thumbnail(form):
    made = media.make(_bytes(_picture(2400, 1200), form), "photo")
    whole = Image.open(io.BytesIO(made.data))
    small = Image.open(io.BytesIO(made.thumbnail))
    assert (whole.format, whole.size) == ("WEBP", (1600, 800))
    assert (small.format, small.size) == ("WEBP", (320, 160))


def test_place_and_device_written_into_a_photo_do_not_survive():
    exif = Image.Exif()
    exif[0x010F] = "Telephone maker"
    exif.get_ifd(0x8825)[1] = "N"
    made = media.make(_bytes(_picture(), exif=exif.tobytes()), "photo")
    assert not dict(Image.open(io.BytesIO(made.data)).getexif())
    assert b"Telephone" not in made.data


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    made = media.make(_bytes(_picture(400, 200), exif=exif.tobytes()), "photo")
    assert Image.open(io.BytesIO(made.data)).size == (200, 400)


def test_a_transparent_screenshot_gets_a_white_ground():
    made = media.make(_bytes(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), "photo")
    assert Image.open(io.BytesIO(made.data)).getpixel((20, 20)) == (255, 255, 255)


def test_the_receipt_hashes_the_bytes_that_came_not_those_that_are_kept():
    data = _bytes(_picture())
    made = media.make(data, "photo")
    assert made.received_sha256 == media.digest(data) != media.digest(made.data)


def test_what_hides_behind_a_picture_does_not_survive():
    made = media.make(_bytes(_picture()) + b"<script>alert(1)</script>PK\x03\x04", "photo")
    assert b"script" not in made.data


def test_words_hidden_in_a_png_do_not_survive():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "<script>evil</script>")
    assert b"evil" not in media.make(_bytes(_picture(), "PNG", pnginfo=info), "photo").data


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"PK\x03\x04" + b"\0" * 100,
        b"%PDF-1.7\n",
        b"MZ\x90\x00",
        b"GIF89a" + b"\0" * 30,
        b"\x1f\x8b\x08" + b"\0" * 30,
        b"x",
    ],
)
def test_what_is_no_photo_gets_a_clear_message(data):
    assert _code(data) == "wrong-file"


def test_an_empty_file_gets_a_clear_message():
    assert _code(b"") == "empty-file"


def test_a_file_beyond_the_limit_is_refused_before_it_is_looked_at():
    assert _code(b"\xff\xd8\xff" + b"\0" * media.MAX_BYTES) == "file-too-large"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_a_photo_cut_short_gets_a_clear_message(form, share):
    data = _bytes(_picture(), form)
    assert _code(data[: int(len(data) * share) + 4]) in {"broken-file", "wrong-file"}


def test_a_file_that_only_begins_like_a_photo_gets_a_clear_message():
    assert _code(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8) == "broken-file"


def _png_bomb(side):
    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    rows = zlib.compress(b"\0" * 1000)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_500, 40_000])
def test_a_picture_of_too_many_pixels_is_never_decoded(side):
    assert _code(_png_bomb(side)) == "too-many-pixels"


def test_only_the_first_picture_of_an_animation_is_kept():
    frames = [_picture(60, 60), Image.new("RGB", (60, 60), "red")]
    data = _bytes(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert getattr(Image.open(io.BytesIO(media.make(data, "photo").data)), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("form", "codec", "rate"),
    [
        ("ogg", "libopus", 48_000),
        ("webm", "libopus", 48_000),
        ("mp4", "aac", 44_100),
        ("wav", "pcm_s16le", 16_000),
        ("mp3", "libmp3lame", 44_100),
    ],
)
def test_every_recorder_s_sound_becomes_the_one_format_all_phones_play(form, codec, rate):
    made = media.make(_sound(2.0, form, codec, rate), "voice")
    assert made.media_type == "audio/mp4"
    assert made.seconds == pytest.approx(2.0, abs=0.2)
    with av.open(io.BytesIO(made.data)) as kept:
        stream = kept.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.layout.name) == ("aac", "mono")


def test_a_voice_note_can_start_playing_before_it_is_whole():
    data = media.make(_sound(), "voice").data
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_recording_beyond_five_minutes_is_refused(monkeypatch):
    monkeypatch.setattr(media, "MAX_SECONDS", 1)
    assert _code(_sound(2.0), "voice") == "voice-too-long"


@pytest.mark.parametrize(
    "data", [b"OggS" + b"\0" * 200, b"\x1aE\xdf\xa3" + b"\xff" * 99, b"#!AMR\n"]
)
def test_a_broken_recording_gets_a_clear_message(data):
    assert _code(data, "voice") in {"broken-file", "wrong-file", "empty-file"}


def test_a_photo_is_no_voice_note_and_a_voice_note_is_no_photo():
    assert _code(_bytes(_picture()), "voice") == "wrong-file"
    assert _code(_sound(), "photo") == "wrong-file"


def test_bytes_lie_under_their_hash_readable_by_nobody_else(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    name = media.write(b"some bytes")
    path = media.path_of(name)
    assert path.read_bytes() == b"some bytes"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert media.write(b"some bytes") == name


def test_a_write_that_fails_leaves_nothing_behind(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.write(b"some bytes")
    assert list(media.stored()) == []
