import { App } from 'aws-cdk-lib';
import { ModelsStack } from './models-stack';
import { SecurityStack } from './security-stack';

const region = 'eu-central-1';
const models = { account: '111122223333', region };
const security = { account: '444455556666', region };

const app = new App();
const evidence = new SecurityStack(app, 'ModelEvidence', { env: security, modelsAccount: models.account });
// CloudTrail checks access to the archive when the trail is created, so the archive must exist first.
new ModelsStack(app, 'ModelStore', { env: models, securityAccount: security.account }).addStackDependency(evidence);
