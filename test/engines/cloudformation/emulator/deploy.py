"""Creates a stack of a template on the emulator, and tells how that went and what it could not make.

Reads {stackName, template, account, region} from standard input; prints {stackId, status, physicalIds, leftOut}.
"""

import io
import json
import os
import sys
import urllib.request
import zipfile

from botocore.exceptions import ClientError
import resource_types  # noqa: F401 -- before moto looks for its models
from service import client
from moto.cloudformation.parsing import get_model_map

REQUEST = json.load(sys.stdin)
NAME, TEMPLATE = REQUEST["stackName"], REQUEST["template"]
TYPES = {resource["Type"] for resource in TEMPLATE["Resources"].values()}


def bucket(name):
    region = REQUEST["region"]
    try:
        client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise


def assets():
    """Lambda looks for the code that `cdk deploy` uploads; what is in it nobody runs here."""
    name = f"cdk-hnb659fds-assets-{REQUEST['account']}-{REQUEST['region']}"
    bucket(name)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => ({});")
    for resource in TEMPLATE["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            client("s3").put_object(Bucket=name, Key=resource["Properties"]["Code"]["S3Key"], Body=content.getvalue())


def answer_for_functions(stack):
    """Functions do not run here: what a custom resource's own would answer to CloudFormation is said in its place."""
    # moto knows the Region of a request by its signature, which it does not check.
    headers = {"Content-Type": "", "Authorization": f"AWS4-HMAC-SHA256 Credential=emulator/20260101/{REQUEST['region']}/cloudformation/aws4_request"}
    for logical_id, resource in TEMPLATE["Resources"].items():
        if resource["Type"].startswith("Custom::"):
            answer = {"Status": "SUCCESS", "StackId": stack, "LogicalResourceId": logical_id, "Data": {}}
            urllib.request.urlopen(urllib.request.Request(
                f"{os.environ['EMULATOR_ENDPOINT']}/cloudformation_{REQUEST['region']}/cfnresponse?stack={stack}",
                data=json.dumps(answer).encode(), method="PUT", headers=headers), timeout=30).close()


assets()
bucket("templates")
client("s3").put_object(Bucket="templates", Key=f"{NAME}.json", Body=json.dumps(TEMPLATE))
cloudformation = client("cloudformation")
created = cloudformation.create_stack(
    StackName=NAME, TemplateURL=f"https://s3.amazonaws.com/templates/{NAME}.json", Capabilities=["CAPABILITY_IAM"])
answer_for_functions(created["StackId"])
[stack] = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
summaries = [each for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME)
             for each in page["StackResourceSummaries"]]
print(json.dumps({
    "stackId": stack["StackId"],
    "status": stack["StackStatus"],
    "physicalIds": {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in summaries},
    "leftOut": sorted(TYPES - set(get_model_map())),
}))
