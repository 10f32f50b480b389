import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RequiredAction, SecureModelArtifactStore } from '../../src';

const HERE = { account: '111122223333', region: 'eu-central-1' };
const THERE = { account: '999988887777', region: 'eu-central-1' };
const METHODS = ['grantPush', 'grantDirectRead', 'grantPull', 'grantPromote', 'grantAudit'] as const;

interface Scene { readonly stack: Stack; readonly elsewhere: Stack }
type Grantee = (scene: Scene) => iam.IGrantable;

const fromArn = (kind: 'role' | 'user' | 'group', options?: iam.FromRoleArnOptions): Grantee => ({ stack }) => {
  const arn = `arn:aws:iam::999988887777:${kind}/train`;
  return kind === 'role' ? iam.Role.fromRoleArn(stack, 'Grantee', arn, options)
    : kind === 'user' ? iam.User.fromUserArn(stack, 'Grantee', arn) : iam.Group.fromGroupArn(stack, 'Grantee', arn);
};

const OF_ANOTHER_ACCOUNT: ReadonlyArray<[string, Grantee, string]> = [
  ['an imported role', fromArn('role'), 'arn:aws:iam::999988887777:role/train'],
  ['an imported role whose policies stay as they are', fromArn('role', { mutable: false }), 'arn:aws:iam::999988887777:role/train'],
  ['an imported user', fromArn('user'), 'arn:aws:iam::999988887777:user/train'],
  ['an imported group', fromArn('group'), 'arn:aws:iam::999988887777:group/train'],
  ['a role of another stack of the app',
    ({ elsewhere }) => new iam.Role(elsewhere, 'Train', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }), 'Elsewhere/Train'],
  ['a role of another stack, under conditions', ({ elsewhere }) => ({
    grantPrincipal: new iam.PrincipalWithConditions(
      new iam.Role(elsewhere, 'Train', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
      { StringEquals: { 'aws:PrincipalTag/team': 'fraud' } }),
  }), 'Elsewhere/Train'],
  ['a function of another stack', ({ elsewhere }) => new lambda.Function(elsewhere, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'i.h', code: lambda.Code.fromInline('1'),
  }), 'Elsewhere/Fn/ServiceRole'],
  ['an imported function', ({ stack }) => lambda.Function.fromFunctionArn(stack, 'Grantee',
    'arn:aws:lambda:eu-central-1:999988887777:function:train'), 'Store/Grantee'],
  ['an ARN', () => new iam.ArnPrincipal('arn:aws:iam::999988887777:role/train'), 'arn:aws:iam::999988887777:role/train'],
  ['an account', () => new iam.AccountPrincipal('999988887777'), 'AccountPrincipal(999988887777)'],
];

const WITHOUT_A_POLICY: ReadonlyArray<[string, Grantee, string]> = [
  ['a service', () => new iam.ServicePrincipal('sagemaker.amazonaws.com'), 'ServicePrincipal(sagemaker.amazonaws.com)'],
  ['an organization', () => new iam.OrganizationPrincipal('o-a1b2c3d4e5'), 'OrganizationPrincipal(o-a1b2c3d4e5)'],
  ['everybody', () => new iam.AnyPrincipal(), 'AnyPrincipal()'],
  ['anonymous callers', () => new iam.StarPrincipal(), 'StarPrincipal()'],
  ['the account', () => new iam.AccountRootPrincipal(), 'AccountRootPrincipal()'],
  ['a federated identity', () => new iam.WebIdentityPrincipal('token.actions.githubusercontent.com'),
    'WebIdentityPrincipal(token.actions.githubusercontent.com)'],
  ['several principals', () => new iam.CompositePrincipal(new iam.ServicePrincipal('a.amazonaws.com'), new iam.ServicePrincipal('b.amazonaws.com')),
    'CompositePrincipal('],
  ['an ARN of this account', () => new iam.ArnPrincipal('arn:aws:iam::111122223333:role/train'), 'arn:aws:iam::111122223333:role/train'],
];

function scene(): Scene & { readonly store: SecureModelArtifactStore } {
  const app = new App();
  const stack = new Stack(app, 'Store', { env: HERE });
  const store = new SecureModelArtifactStore(stack, 'Models', { monitoring: { enabled: false } });
  return { stack, elsewhere: new Stack(app, 'Elsewhere', { env: THERE }), store };
}

/** The error message of a rejected grant. */
function refusal(give: () => unknown): string {
  try {
    give();
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
}

describe('a grant that would have no effect is refused', () => {
  test.each(OF_ANOTHER_ACCOUNT)('to %s of another account', (_name, grantee, shown) => {
    const { store, ...rest } = scene();
    const principal = grantee(rest);
    for (const method of METHODS) {
      const message = refusal(() => store[method](principal));
      expect(message).toContain(`${method} at Store/Models:`);
      expect(message).toContain(`the grantee is ${shown} in account 999988887777, but the store is in account 111122223333`);
      expect(message).toContain('create an iam.Role in account 111122223333 that this principal can assume');
      expect(message).not.toContain('Token[');
    }
  });

  test.each(WITHOUT_A_POLICY)('to %s', (_name, grantee, shown) => {
    const { store, ...rest } = scene();
    const principal = grantee(rest);
    for (const method of METHODS) {
      const message = refusal(() => store[method](principal));
      expect(message).toContain(`${method} at Store/Models:`);
      expect(message).toContain(`the grantee is ${shown}`);
      expect(message).toContain('which has no policy to add the permission to; create an iam.Role that it can assume');
      expect(message).not.toContain('Token[');
    }
  });

  test('along with everything else that is wrong with it', () => {
    const { store } = scene();
    expect(refusal(() => store.grantDirectRead(new iam.ServicePrincipal('glue.amazonaws.com'), ['Fraud'])).split('\n')).toHaveLength(3);
  });

  test('by the named queries by themselves, and by StoreGrants', () => {
    const { store } = scene();
    const principal = new iam.ArnPrincipal('arn:aws:iam::999988887777:role/train');
    expect(refusal(() => store.analytics!.grantQuery(principal))).toContain('EgressAnalytics.grantQuery at Store/Models/Analytics:');
  });

  test('by a store of another stack', () => {
    const stack = new Stack(new App(), 'Jobs', { env: HERE });
    const store = SecureModelArtifactStore.fromSecureModelArtifactStoreAttributes(stack, 'Models', {
      storeName: 'models', bucketName: 'acme-models', restApiId: 'abcde12345',
      encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    });
    expect(refusal(() => store.grantDirectRead(fromArn('role')({ stack, elsewhere: stack })))).toContain('grantDirectRead at Jobs/Models:');
  });
});

describe('a grant takes effect', () => {
  test.each<[string, Grantee]>([
    ['an imported role of the account', ({ stack }) => iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::111122223333:role/train')],
    ['a role known by its name', ({ stack }) => iam.Role.fromRoleName(stack, 'Grantee', 'train')],
    ['an imported user', ({ stack }) => iam.User.fromUserName(stack, 'Grantee', 'train')],
    ['a group', ({ stack }) => iam.Group.fromGroupName(stack, 'Grantee', 'train')],
    ['a role under conditions', ({ stack }) => ({
      grantPrincipal: new iam.PrincipalWithConditions(
        iam.Role.fromRoleName(stack, 'Grantee', 'train'), { Bool: { 'aws:SecureTransport': 'true' } }),
    })],
  ])('in a policy of %s', (_name, grantee) => {
    const { store, ...rest } = scene();
    store.grantDirectRead(grantee(rest), ['fraud-*']);
    const attached = Object.values(Template.fromStack(rest.stack).toJSON().Resources as Record<string, { Properties?: Record<string, unknown> }>)
      .filter(({ Properties = {} }) => ['Roles', 'Users', 'Groups'].some((kind) => JSON.stringify(Properties[kind]) === '["train"]'));
    expect(JSON.stringify(attached)).toContain('/models/fraud-*/blobs/sha256/');
  });

  test('for a role in a stack whose account is known only at deployment', () => {
    const app = new App();
    const store = new SecureModelArtifactStore(new Stack(app, 'Store'), 'Models', { monitoring: { enabled: false } });
    const jobs = new Stack(app, 'Jobs');
    store.grantDirectRead(new iam.Role(jobs, 'Train', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    Template.fromStack(jobs).resourceCountIs('AWS::IAM::ManagedPolicy', 1);
  });
});

describe('a grant to a role whose policies this app does not change', () => {
  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['an imported one', (stack) => iam.Role.fromRoleArn(stack, 'Train', 'arn:aws:iam::111122223333:role/train', { mutable: false })],
    ['withoutPolicyUpdates', (stack) => new iam.Role(stack, 'Train', { assumedBy: new iam.AccountRootPrincipal() }).withoutPolicyUpdates()],
  ])('%s leaves its statements to the owner, as a warning and an output', (_name, role) => {
    const { stack, store } = scene();
    store.grantDirectRead(role(stack), ['fraud-*']);
    store.grantDirectRead(role(new Stack(App.of(stack) as App, 'Other', { env: HERE })), ['churn']);

    const [task] = RequiredAction.of(store);
    expect(task.id).toBe('SecureModelArtifactStore::UnchangedRole');
    expect(task.policyStatements.flatMap(({ actions }) => actions)).toEqual(expect.arrayContaining(['s3:GetObject', 'kms:Decrypt', 'execute-api:Invoke']));
    Annotations.fromStack(stack).hasWarning('/Store/Models', Match.stringLikeRegexp('This stack does not change the role .*grant of "DirectRead"'));
    const outputs = Object.entries(Template.fromStack(stack).toJSON().Outputs as Record<string, { Value: unknown }>)
      .filter(([id]) => id.includes('RequiredDirectReadPolicy'));
    expect(outputs).toHaveLength(2);
    expect(JSON.stringify(outputs)).toContain('/models/fraud-*/blobs/');
    Validations.of(store).acknowledge({ id: task.id, reason: 'done' });
  });
});
