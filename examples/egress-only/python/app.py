from aws_cdk import App
from egress_only_stack import EgressOnlyStack

app = App()
EgressOnlyStack(app, "EgressOnly", bucket_name=app.node.try_get_context("bucket") or "acme-models")
app.synth()
