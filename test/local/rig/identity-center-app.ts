import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { STACK_NAME } from './stack-names';
import { SecureModelArtifactStore } from '../../../src';

// A store for IAM Identity Center users as in the guide, and a team's own role with a grant.
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, STACK_NAME, { synthesizer: new CliCredentialsStackSynthesizer() });
const store = new SecureModelArtifactStore(stack, 'Models', {
  access: {
    dataScientist: { roleName: 'ModelScientist', policyName: 'ModelScientist' },
    auditor: { roleName: 'ModelAuditor', policyName: 'ModelAuditor' },
  },
});
const team = new iam.Role(stack, 'Team', { roleName: 'Team', assumedBy: new iam.AccountRootPrincipal() });
store.grantPull(team);
const output = (id: string, value: string) => new CfnOutput(stack, id, { value });
output('StoreUrl', store.url!);
output('BucketName', store.artifactBucket.bucket.bucketName);
output('DataScientistRoleArn', store.dataScientistRole.roleArn);
output('PipelineRoleArn', store.pipelineRole.roleArn);
output('AuditorRoleArn', store.auditorRole.roleArn);
output('TeamRoleArn', team.roleArn);
app.synth();
