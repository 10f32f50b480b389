import type { App } from 'aws-cdk-lib';
import { CognitoSignInStack } from '../../../examples/cognito-sign-in/cognito-sign-in-stack';
import { ModelsStack } from '../../../examples/cross-account-log-archive/models-stack';
import { SecurityStack } from '../../../examples/cross-account-log-archive/security-stack';
import { CodePipelineStack } from '../../../examples/deployment-pipeline/code-pipeline-stack';
import { StepFunctionsStack } from '../../../examples/deployment-pipeline/step-functions-stack';
import { EgressOnlyStack } from '../../../examples/egress-only/egress-only-stack';
import { PrivateNetworkStack } from '../../../examples/private-network/private-network-stack';
import { QuickstartStack } from '../../../examples/quickstart/quickstart-stack';
import { RegulatedStack } from '../../../examples/regulated/regulated-stack';
import { SageMakerStack } from '../../../examples/sagemaker/sagemaker-stack';
import { TeamIsolationStack } from '../../../examples/team-isolation/team-isolation-stack';

export interface Example {
  readonly folder: string;
  /** Builds the contents of the example's `app.ts`. */
  readonly build: (app: App) => void;
  /** The values passed with `--context` on the command line. */
  readonly context?: { readonly [name: string]: string };
}

const REGION = 'eu-central-1';
const [MODELS, SECURITY] = [{ account: '111122223333', region: REGION }, { account: '444455556666', region: REGION }];

const SERVED = {
  tag: '1.0.0',
  digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

export const EXAMPLES: Example[] = [
  {
    folder: 'quickstart',
    build: (app) => new QuickstartStack(app, 'ModelStore'),
  },
  {
    folder: 'team-isolation',
    build: (app) => new TeamIsolationStack(app, 'TeamIsolation'),
  },
  {
    folder: 'cross-account-log-archive',
    build: (app) => {
      const evidence = new SecurityStack(app, 'ModelEvidence', { env: SECURITY, modelsAccount: MODELS.account });
      new ModelsStack(app, 'ModelStore', { env: MODELS, securityAccount: SECURITY.account }).addStackDependency(evidence);
    },
  },
  {
    folder: 'cognito-sign-in',
    build: (app) => new CognitoSignInStack(app, 'CognitoSignIn'),
  },
  {
    folder: 'private-network',
    build: (app) => new PrivateNetworkStack(app, 'PrivateNetwork'),
  },
  {
    folder: 'deployment-pipeline',
    build: (app) => {
      new StepFunctionsStack(app, 'DeployWithStepFunctions');
      new CodePipelineStack(app, 'DeployWithCodePipeline');
    },
  },
  {
    folder: 'sagemaker',
    context: SERVED,
    build: (app) => new SageMakerStack(app, 'SageMaker', { served: { imageTag: SERVED.tag, modelDigest: SERVED.digest } }),
  },
  {
    folder: 'egress-only',
    build: (app) => new EgressOnlyStack(app, 'EgressOnly', { bucketName: 'acme-models' }),
  },
  {
    folder: 'regulated',
    build: (app) => new RegulatedStack(app, 'Regulated'),
  },
];
