"""Tells a secret that somebody wrote out from the name of one: secrets travel as references only.

The guard is about accidents, not about attackers: it knows how secrets are usually called and what well-known ones
look like. Whatever it takes for a secret by mistake works just as well from a Kubernetes secret.
"""

from __future__ import annotations

import re

from sluice_airflow.exceptions import SluiceConfigError

#: Words of a name that stand for a secret; ``access-key-id`` is one half of a pair of which nobody should see either.
_WORDS = re.compile(
    r"(?:^|-)(?:password|passwd|pwd|passphrase|secret|token|credentials?|api-?key|access-?key(?:-id)?|private-?key"
    r"|secret-?key|account-?key|encryption-?key|signing-?key)(?:-|$)"
)

#: The name of a secret in AWS Secrets Manager, as EMR reads it.
REFERENCE = re.compile(r"EMR\.secret@\S+")

#: The last word of a name that says where a secret stands, or something else about one.
_ABOUT = re.compile(
    r"-(?:file|path|dir|folder|uri|url|endpoint|name|arn|ref|provider|type|required|enabled|ttl|expiry|seconds)$"
)

_VALUES = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})"),
    "a token of Slack": re.compile(r"\bxox[abeoprs]-[\w-]{10}"),
    "a key of Google": re.compile(r"\bAIza[\w-]{35}"),
    "an address with a password": re.compile(r"\b[a-z][a-z0-9+.:-]*://[^\s/?#:@]*:[^\s/?#@]+@"),
    "an address with a password among its properties": re.compile(
        r"[?&;](?:password|passwd|pwd|secret|token|sig)=[^&;\s]", re.IGNORECASE
    ),
}


def why_secret(name: str, value: object) -> str | None:
    """Return why a name and its value look like a secret that was written out, or None."""
    if not isinstance(value, str) or not value or value.lower() in ("true", "false") or REFERENCE.fullmatch(value):
        return None
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()).strip("-")
    if _WORDS.search(words) and not _ABOUT.search(words):
        return f"'{name}' is what a secret is called"
    for kind, pattern in _VALUES.items():
        if pattern.search(value):
            return f"the value of '{name}' looks like {kind}"
    return None


def refuse_secret(name: str, value: object, *, doing: str, instead: str) -> None:
    """Raise for a literal secret, without repeating it.

    :param doing: how the error begins, e.g. ``Cannot use connection 'lab'``.
    :param instead: where the secret belongs.
    """
    reason = why_secret(name, value)
    if reason:
        raise SluiceConfigError(f"{doing}: {reason}, and everybody who sees it could read it. {instead}")
