"""Hummed notes in place of recorded voices: nobody's."""

import io
import random
import wave

import numpy as np

RATE = 16_000
SCALE = (196.0, 220.0, 246.9, 293.7, 329.6)  # five tones, as songs of the plateau have


def hum(rng: random.Random) -> bytes:
    """Some seconds of humming, as a WAV file."""
    notes = []
    for _note in range(rng.randint(7, 14)):
        seconds = rng.uniform(0.22, 0.6)
        time = np.arange(int(RATE * seconds)) / RATE
        pitch = rng.choice(SCALE) * (1 + 0.006 * np.sin(2 * np.pi * 5.2 * time))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        tone = np.sin(phase) + 0.45 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase)
        swell = np.minimum(1.0, np.minimum(time, seconds - time) / 0.05)
        notes.append(0.3 * tone * swell)
    return _wav(np.concatenate(notes))


def _wav(sound: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 30_000).astype("<i2").tobytes())
    return stream.getvalue()
