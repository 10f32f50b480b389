"""Starts the local AWS as its own command does, on two ports of this machine alone: one with TLS, one without.

Why not its own command: that one serves either TLS or plain http, so the bucket policy's rule against plain http could
not be seen at work; and it takes port 443 as well when it may, which is not ours to take.

What it answered the server itself writes into a file beside its log: whoever doubts the recorder compares with that.
"""

import os
import urllib.parse

import api_refusals
import aws_conditions
import cognito_tokens
import deployed_buckets
import existing_buckets
import function_policies
import hypercorn.config
import hypercorn.logging
import large_objects
from ministack import app

PLAIN_HTTP_ADDRESS = f"127.0.0.1:{os.environ['PLAIN_HTTP_PORT']}"


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
SUBRESOURCES = {"acl", "attributes", "legal-hold", "retention", "tagging", "torrent", "uploadId", "uploads"}


class Answers(hypercorn.logging.Logger):
    """Of a query, no more than the name of what is asked for instead of an object itself: among the values are signatures."""

    def atoms(self, request, response, request_time):
        names = {name for name, _ in urllib.parse.parse_qsl(request["query_string"].decode("latin1"), keep_blank_values=True)}
        atoms = super().atoms(request, response, request_time)
        atoms["subresource"] = ",".join(sorted(names & SUBRESOURCES)) or "-"
        return atoms


class TlsAndPlainHttp(hypercorn.config.Config):
    def __init__(self):
        super().__init__()
        self.insecure_bind = [PLAIN_HTTP_ADDRESS]
        self.accesslog = os.environ["ANSWERED_LOG"]
        self.access_log_format = "%(m)s %(s)s %({content-length}o)s %({x-amz-request-id}o)s %(subresource)s %(U)s"
        self.logger_class = Answers


def no_other_port(_host, _port):
    return False


hypercorn.config.Config = TlsAndPlainHttp
app._port_is_bindable = no_other_port
aws_conditions.install()
api_refusals.install()
large_objects.install()
cognito_tokens.install()
existing_buckets.install()
deployed_buckets.install()
function_policies.install()
app.main()
