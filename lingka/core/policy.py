"""What a page may load: the server's own files, and nothing else."""

import base64
import hashlib
import re

CONTENT_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "media-src 'self' blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "worker-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
INLINE = {kind: re.compile(rf"<{kind}>(.*?)</{kind}>", re.DOTALL) for kind in ("script", "style")}


def with_inline(page: str) -> str:
    """The same for a page that holds a script or styles itself: exactly those, by their hashes."""
    policy = CONTENT_POLICY
    for kind, pattern in INLINE.items():
        named = "".join(f" 'sha256-{_hash(one)}'" for one in pattern.findall(page))
        policy = policy.replace(f"{kind}-src 'self'", f"{kind}-src 'self'{named}")
    return policy


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
