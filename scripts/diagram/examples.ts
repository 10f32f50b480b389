import type { App } from 'aws-cdk-lib';
import type { Scope } from './model';
import { CognitoSignInStack } from '../../examples/cognito-sign-in/cognito-sign-in-stack';
import { ModelsStack } from '../../examples/cross-account-log-archive/models-stack';
import { SecurityStack } from '../../examples/cross-account-log-archive/security-stack';
import { CodePipelineStack } from '../../examples/deployment-pipeline/code-pipeline-stack';
import { StepFunctionsStack } from '../../examples/deployment-pipeline/step-functions-stack';
import { EgressOnlyStack } from '../../examples/egress-only/egress-only-stack';
import { PrivateNetworkStack } from '../../examples/private-network/private-network-stack';
import { QuickstartStack } from '../../examples/quickstart/quickstart-stack';
import { RegulatedStack } from '../../examples/regulated/regulated-stack';
import { SageMakerStack } from '../../examples/sagemaker/sagemaker-stack';
import { TeamIsolationStack } from '../../examples/team-isolation/team-isolation-stack';

export interface Example {
  readonly folder: string;
  readonly title: string;
  /** Adds what the example's `app.ts` has. */
  readonly build: (app: App) => void;
  /** What is given on the command line with `--context`. */
  readonly context?: { readonly [name: string]: string };
  /** Its pictures, each of some of its stacks; by default one of all. */
  readonly pictures?: ({ readonly name: string; readonly title: string } & Scope)[];
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
    title: 'A model store with every setting at its default',
    build: (app) => new QuickstartStack(app, 'ModelStore'),
  },
  {
    folder: 'team-isolation',
    title: 'Three teams in one store',
    build: (app) => new TeamIsolationStack(app, 'TeamIsolation'),
  },
  {
    folder: 'cross-account-log-archive',
    title: 'Models in one account, the evidence in another',
    build: (app) => {
      const evidence = new SecurityStack(app, 'ModelEvidence', { env: SECURITY, modelsAccount: MODELS.account });
      new ModelsStack(app, 'ModelStore', { env: MODELS, securityAccount: SECURITY.account }).addStackDependency(evidence);
    },
  },
  {
    folder: 'cognito-sign-in',
    title: 'A store that people sign in to',
    build: (app) => new CognitoSignInStack(app, 'CognitoSignIn'),
  },
  {
    folder: 'private-network',
    title: 'A store without a way to the internet',
    build: (app) => new PrivateNetworkStack(app, 'PrivateNetwork'),
  },
  {
    folder: 'deployment-pipeline',
    title: 'Deployments that follow an alias',
    build: (app) => {
      new StepFunctionsStack(app, 'DeployWithStepFunctions');
      new CodePipelineStack(app, 'DeployWithCodePipeline');
    },
    pictures: [
      { name: 'step-functions', title: 'A state machine that follows an alias', stacks: ['DeployWithStepFunctions'], closedStores: true },
      { name: 'code-pipeline', title: 'A pipeline that follows an alias', stacks: ['DeployWithCodePipeline'], closedStores: true },
    ],
  },
  {
    folder: 'sagemaker',
    title: 'SageMaker trains from the store and serves from it',
    context: SERVED,
    build: (app) => new SageMakerStack(app, 'SageMaker', { served: { imageTag: SERVED.tag, modelDigest: SERVED.digest } }),
    pictures: [{ name: 'sagemaker', title: 'SageMaker trains from the store and serves from it', closedStores: true }],
  },
  {
    folder: 'egress-only',
    title: 'Who took what out of a bucket that is there already',
    build: (app) => new EgressOnlyStack(app, 'EgressOnly', { bucketName: 'acme-models' }),
  },
  {
    folder: 'regulated',
    title: 'A store that nobody can delete from',
    build: (app) => new RegulatedStack(app, 'Regulated'),
  },
];
