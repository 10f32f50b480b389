"""Starts the local AWS as its own command does, on two ports of this machine alone: one with TLS, one without.

Why not its own command: that one serves either TLS or plain http, so the bucket policy's rule against plain http could
not be seen at work; and it takes port 443 as well when it may, which is not ours to take.
"""

import os

import api_refusals
import aws_conditions
import cognito_tokens
import hypercorn.config
import large_objects
from ministack import app

PLAIN_HTTP_ADDRESS = f"127.0.0.1:{os.environ['PLAIN_HTTP_PORT']}"


class TlsAndPlainHttp(hypercorn.config.Config):
    def __init__(self):
        super().__init__()
        self.insecure_bind = [PLAIN_HTTP_ADDRESS]


def no_other_port(_host, _port):
    return False


hypercorn.config.Config = TlsAndPlainHttp
app._port_is_bindable = no_other_port
aws_conditions.install()
api_refusals.install()
large_objects.install()
cognito_tokens.install()
app.main()
