import { App } from 'aws-cdk-lib';
import { CodePipelineStack } from './code-pipeline-stack';
import { StepFunctionsStack } from './step-functions-stack';

// Two ways to react to the same event: use one of them.
const app = new App();
new StepFunctionsStack(app, 'DeployWithStepFunctions');
new CodePipelineStack(app, 'DeployWithCodePipeline');
