"""What is taken for a secret that somebody wrote out, and what is not."""

from __future__ import annotations

import pytest

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.secret_literals import refuse_secret, why_secret

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
AWS = "AKIA" + 16 * "Q"


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "jdbc.password",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SESSION_TOKEN",
        "lake.rest.credential",
        "apiKey",
        "clientSecret",
        "lake.keys.passphrase",
        "TLS_PRIVATE_KEY",
    ],
)
def test_a_name_gives_it_away(name: str) -> None:
    assert why_secret(name, "gravel") == f"'{name}' is what a secret is called"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param(AWS, "an AWS access key", id="aws"),
        pytest.param(f"key={AWS};", "an AWS access key", id="aws within"),
        pytest.param("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key", id="rsa"),
        pytest.param("-----BEGIN PRIVATE KEY-----", "a private key", id="pkcs8"),
        pytest.param(f"Bearer {JWT}", "a JSON web token", id="jwt"),
        pytest.param("ghp_" + 36 * "a", "a token of GitHub", id="github"),
        pytest.param("xoxb-1234567890-abc", "a token of Slack", id="slack"),
        pytest.param("AIza" + 35 * "x", "a key of Google", id="google"),
        pytest.param("postgresql://me:gravel@db/lake", "an address with a password", id="userinfo"),
        pytest.param(
            "jdbc:postgresql://db/lake?user=me&password=gravel",
            "an address with a password among its properties",
            id="jdbc",
        ),
    ],
)
def test_a_value_gives_it_away(value: str, kind: str) -> None:
    assert why_secret("ANYTHING", value) == f"the value of 'ANYTHING' looks like {kind}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
        ("SECRET_NAME", "lake"),
        ("OAUTH_TOKEN_URL", "https://login.example/token"),
        ("PASSWORD_REQUIRED", "true"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", None),
        ("partition_key", "day"),
        ("SLUICE_LAKE_S3_KMS_KEY", "arn:aws:kms:eu-central-1:1:key/2"),
        ("SLUICE_LAKE_KEYS_KEYSTORE", "/keys.p12"),
        ("max_tokens", "100"),
        ("SLUICE_JDBC_URL", "jdbc:postgresql://db:5432/lake?user=me"),
        ("SLUICE_LAKE_WAREHOUSE", "s3://lake/warehouse"),
        ("RAW", "abfss://raw@account.dfs.core.windows.net/flights"),
    ],
)
def test_what_is_only_about_a_secret_is_none(name: str, value: object) -> None:
    assert why_secret(name, value) is None


def test_the_refusal_does_not_repeat_it() -> None:
    with pytest.raises(SluiceConfigError) as error:
        refuse_secret("KEY", AWS, doing="Cannot do it", instead="Keep it elsewhere.")

    assert str(error.value) == (
        "Cannot do it: the value of 'KEY' looks like an AWS access key, and everybody who sees it could read it. "
        "Keep it elsewhere."
    )
