from aws_cdk import App
from quickstart_stack import QuickstartStack

app = App()
QuickstartStack(app, "ModelStore")
app.synth()
