"""Signing in with the council's account, at a directory that answers as one does."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

CLIENT, IDENTITY = "cre-casework", "oidc-0123456789abcdef"


class Directory(BaseHTTPRequestHandler):
    """Asks nobody anything: whoever comes is subject-1."""

    def say(self, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            typed = {name: values[0] for name, values in parse_qs(asked.query).items()}
            self.send_response(302)
            self.send_header("Location", f"{typed['redirect_uri']}?code=c&state={typed['state']}")
            self.end_headers()
            return
        self.say({"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                  "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                  "token_endpoint_auth_methods_supported": ["client_secret_post"]})  # fmt: skip

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300}
        self.say({"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(claims, "k" * 32)})

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def issuer(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Directory)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SINGLE_SIGN_ON, settings.SINGLE_SIGN_ON_ID = "your Derby account", IDENTITY
    app = {"provider_id": IDENTITY, "name": "Derby", "client_id": CLIENT, "secret": "s",
           "settings": {"server_url": address, "fetch_userinfo": False}}  # fmt: skip
    shipped = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": shipped | {"APPS": [app]}}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = directives | {"form-action": [*directives["form-action"], address]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": allowed}
    yield address
    server.shutdown()
    server.server_close()


def test_a_worker_connects_her_account_and_signs_in_with_it(walk, issuer):
    # Given an identity that nobody connected, nobody is let in, whatever the directory says.
    stranger = walk()
    stranger.goes_to("/accounts/login/")
    stranger.looks("single-sign-on-login")
    stranger.presses("Sign in with your Derby account")
    stranger.sees("No account here is connected with it.")
    stranger.looks("single-sign-on-not-connected")
    # When a worker connects hers
    worker = walk("social.worker")
    worker.goes_to("/accounts/")
    worker.follows("Connect your Derby account")
    worker.looks("single-sign-on-connect")
    worker.presses("Connect your Derby account")
    worker.sees("Disconnect your Derby account")
    worker.signs_out()
    # Then she signs in with it, and comes to the page that she wanted
    worker.goes_to("/search/")
    worker.presses("Sign in with your Derby account")
    worker.sees("Find a child")
    # And once it is disconnected it opens nothing
    worker.goes_to("/accounts/")
    worker.follows("Disconnect your Derby account")
    worker.looks("single-sign-on-disconnect")
    worker.presses("Disconnect your Derby account")
    worker.sees("It is no longer connected.")
    worker.signs_out()
    worker.presses("Sign in with your Derby account")
    worker.sees("No account here is connected with it.")
