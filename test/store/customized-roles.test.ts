import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SecureModelArtifactStore } from '../../src';

const env = { account: '111122223333', region: 'eu-central-1' };

/** A store in a company where the CDK may make no role, with a job that is granted something. */
function customized(options?: iam.CustomizeRolesOptions) {
  const app = new App();
  const stack = new Stack(app, 'Store', { env });
  iam.Role.customizeRoles(stack, options);
  const store = new SecureModelArtifactStore(stack, 'Models');
  store.grantDirectRead(new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }), ['fraud-*']);
  return { app, stack };
}

const reportOf = (app: App) => {
  const { directory } = app.synth();
  return JSON.parse(fs.readFileSync(path.join(directory, 'iam-policy-report.json'), 'utf8')) as {
    roles: Array<{ roleConstructPath: string; identityPolicyStatements: unknown[]; managedPolicyStatements: unknown[]; assumeRolePolicy: unknown[] }>;
  };
};

describe('a store in a stack whose roles are created elsewhere (iam.Role.customizeRoles)', () => {
  test('creates none, and reports every role that it needs, with its permissions and principals', () => {
    const { app, stack } = customized();
    const { roles } = reportOf(app);
    const scientist = roles.find(({ roleConstructPath }) => roleConstructPath === 'Store/Models/Roles/DataScientist')!;
    expect(JSON.stringify(scientist)).toContain('execute-api:Invoke');
    const session = roles.find(({ roleConstructPath }) => roleConstructPath === 'Store/Models/SessionRoles/UploadSessionRole')!;
    expect(JSON.stringify(session.assumeRolePolicy)).toContain('sts:SourceIdentity');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
  });

  test('reports them without failing, along with the template', () => {
    const { app, stack } = customized({ preventSynthesis: false });
    const { roles } = reportOf(app);
    const paths = roles.map(({ roleConstructPath }) => roleConstructPath);
    for (const role of ['Models/Roles/DataScientist', 'Models/Roles/Pipeline', 'Models/Roles/Auditor', 'Models/SessionRoles/UploadSessionRole', 'Job']) {
      expect(paths).toContain(`Store/${role}`);
    }
    const job = roles.find(({ roleConstructPath }) => roleConstructPath === 'Store/Job')!;
    expect(JSON.stringify(job)).toContain('fraud-*');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Description: 'Pushes and pulls models' });
  });

  test('uses the given roles', () => {
    const first = customized({ preventSynthesis: false });
    const usePrecreatedRoles = Object.fromEntries(reportOf(first.app).roles.map(({ roleConstructPath }, index) => [roleConstructPath, `company-role-${index}`]));
    const { app, stack } = customized({ usePrecreatedRoles });
    app.synth();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::Lambda::Function', { Role: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('role/company-role-')])] }) });
  });
});
