import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GRANTS_STACK_NAME, STACK_NAME } from './stack-names';
import { QuickstartStack } from '../../../examples/quickstart/quickstart-stack';

// The quickstart, and roles with each grant for the models of one team only.
const synthesizer = () => new CliCredentialsStackSynthesizer();
const app = new App({ analyticsReporting: false });
const { store } = new QuickstartStack(app, STACK_NAME, { synthesizer: synthesizer() });

const stack = new Stack(app, GRANTS_STACK_NAME, { synthesizer: synthesizer() });
const fraudModels = ['fraud-*'];
const role = (id: string) => {
  const made = new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
  new CfnOutput(stack, `${id}RoleArn`, { value: made.roleArn });
  return made;
};
store.grantPush(role('FraudUpload'), fraudModels);
store.grantDirectRead(role('FraudDownload'), fraudModels);
store.grantPromote(role('FraudPromote'), fraudModels);
store.grantAudit(role('FraudAudit'), fraudModels);
for (const [team, models] of [['Fraud', fraudModels], ['Weather', ['weather']]] as const) {
  const scientist = role(`${team}Scientist`);
  store.grantPush(scientist, [...models]);
  store.grantPull(scientist, [...models]);
}
store.grantAudit(role('AuditOnly'));
store.logArchive!.grantRead(role('LogsOnly'));
role('WithoutPermissions');

// IAM allows it everything, so only resource policies can deny it access.
const administrator = role('AccountAdministrator');
administrator.addToPolicy(new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }));
app.synth();
