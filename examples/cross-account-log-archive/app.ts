import { App } from 'aws-cdk-lib';
import { ModelsStack } from './models-stack';
import { SecurityStack } from './security-stack';

const region = 'eu-central-1';
const models = { account: '111122223333', region };
const security = { account: '444455556666', region };

const app = new App();
const evidence = new SecurityStack(app, 'ModelEvidence', { env: security, modelsAccount: models.account });
// The trail is tried out against the archive when it is made, so the archive has to be there first.
new ModelsStack(app, 'ModelStore', { env: models, securityAccount: security.account }).addStackDependency(evidence);
