"""Signs the requests of Schemathesis with Signature Version 4, and counts the responses of each operation by status."""

import atexit
import collections
import json
import os

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase

with open(os.environ["API_TEST_SETTINGS"], encoding="utf-8") as file:
    SETTINGS = json.load(file)

statuses = collections.defaultdict(collections.Counter)
calls = collections.Counter()

# Of so many requests to an operation, one is not signed.
UNSIGNED_EVERY = 8


class Signed(AuthBase):
    """Signs the request as it is sent, after every header and parameter is set."""

    def __init__(self, caller):
        key = SETTINGS["callers"][caller]
        self.credentials = Credentials(key["accessKeyId"], key["secretAccessKey"], key["sessionToken"])

    def __call__(self, request):
        request.headers.pop("Authorization", None)
        signed = AWSRequest(method=request.method, url=request.url, data=request.body)
        SigV4Auth(self.credentials, "execute-api", SETTINGS["region"]).add_auth(signed)
        request.headers.update(signed.headers)
        return request


@schemathesis.hook
def before_call(ctx, case, kwargs):
    label = case.operation.label
    calls[label] += 1
    if calls[label] % UNSIGNED_EVERY != 2:
        kwargs["auth"] = Signed(SETTINGS["callerOf"].get(label, SETTINGS["defaultCaller"]))


@schemathesis.hook
def after_call(ctx, case, response):
    statuses[case.operation.label][response.status_code] += 1


@atexit.register
def write_statuses():
    with open(SETTINGS["statusesFile"], "w", encoding="utf-8") as file:
        json.dump(statuses, file)
