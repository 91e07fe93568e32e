"""Logging in through an identity provider: a server with ``[oidc]``, and a provider of our own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.sites import NOW, opened

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Token, user and key endpoints; who logs in and with which nonce is set by the test."""

    who = "wang"
    nonce = ""
    key = KEY


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        claims = {"sub": "1", "nonce": self.server.nonce, "iat": int(time.time())}
        token = jwt.encode(claims, self.server.key, algorithm="RS256", headers={"kid": "k"})
        self._say({"access_token": "a", "id_token": token, "token_type": "Bearer"})

    def do_GET(self) -> None:
        if self.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._say({"keys": [{**key, "kid": "k", "alg": "RS256", "use": "sig"}]})
        else:
            self._say({"sub": "1", "preferred_username": self.server.who})

    def _say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def address(
    built_site: Path, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    from minplan.database import accounts

    folder = Path(shutil.copytree(built_site, tmp_path_factory.mktemp("oidc") / "workspace"))
    with opened(folder):
        accounts.register(
            "wang", None, roles=["leader"], actor="test", recorded=NOW, external="oidc"
        )
    base = f"http://127.0.0.1:{provider.server_port}"
    (folder / "web.toml").write_text(
        f"""
[oidc]
label = "统一身份认证"
client-id = "minplan"
client-secret = "s"
authorization-endpoint = "{base}/authorize"
token-endpoint = "{base}/token"
user-endpoint = "{base}/user"
jwks-endpoint = "{base}/keys"
""",
        encoding="utf-8",
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "minplan.web", "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--workers", "1"],
        env={**os.environ, "MINPLAN_WORKSPACE": str(folder)},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                requests.get(f"http://127.0.0.1:{port}/health", timeout=5)
                break
            except requests.RequestException:
                assert process.poll() is None
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def come_back(address: str, provider: Provider) -> tuple[requests.Session, requests.Response]:
    """Go to the provider and return from it, as a browser does."""
    session = requests.Session()
    away = session.get(f"{address}/login/oidc?next=/jobs", allow_redirects=False, timeout=30)
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    provider.nonce = asked["nonce"][0]
    callback = f"{address}/login/oidc/callback?code=c&state={asked['state'][0]}"
    return session, session.get(callback, allow_redirects=False, timeout=30)


def test_a_registered_account_comes_in(address: str, provider: Provider) -> None:
    assert "统一身份认证" in requests.get(f"{address}/login", timeout=30).text
    provider.who = "wang"
    session, back = come_back(address, provider)
    assert back.headers["Location"] == "/jobs"
    assert session.get(f"{address}/jobs", allow_redirects=False, timeout=30).status_code == 200


def test_a_stranger_is_told_to_ask_the_administrator(address: str, provider: Provider) -> None:
    provider.who = "stranger"
    session, back = come_back(address, provider)
    assert back.headers["Location"] == "/login?refused=1"
    assert "尚未在本系统登记" in session.get(f"{address}/login?refused=1", timeout=30).text


def test_an_account_with_a_password_of_its_own_is_not_taken_over(
    address: str, provider: Provider
) -> None:
    provider.who = "admin"
    _, back = come_back(address, provider)
    assert back.headers["Location"] == "/login?refused=1"


def test_a_token_of_another_key_is_refused(address: str, provider: Provider) -> None:
    provider.who = "wang"
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    try:
        session, back = come_back(address, provider)
    finally:
        provider.key = KEY
    assert back.status_code == 400
    assert session.get(f"{address}/jobs", allow_redirects=False, timeout=30).status_code == 302
