import { App, Stack } from 'aws-cdk-lib';
import { SecureModelArtifactStore, testing } from '../../src';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Short enough for a reviewer to read all of them. */
function inOneLine({ Effect, Action, Resource, Condition }: Statement): string {
  const list = (value: unknown) => (Array.isArray(value) ? value : [value]);
  const arn = (value: any): string => {
    if (typeof value === 'string') {
      return value;
    }
    const [[intrinsic, argument]] = Object.entries<any>(value);
    switch (intrinsic) {
      case 'Fn::Join': return argument[1].map(arn).join('');
      case 'Fn::GetAtt': return `{${argument.join('.')}}`;
      default: return `{${argument}}`;
    }
  };
  return `${Effect} ${list(Action).join(' ')} on ${list(Resource).map(arn).join(' ')}${Condition ? ` if ${JSON.stringify(Condition)}` : ''}`;
}

describe('the golden store', () => {
  const stack = new Stack(new App(), 'Golden');
  new SecureModelArtifactStore(stack, 'Models');
  const template = testing.SnapshotTemplate.fromStack(stack);

  // A changed id replaces the resource in every account that has one: a bucket, a key, a trail.
  test('keeps its logical ids', () => {
    const ids = Object.entries<{ Type: string }>(template.Resources)
      .filter(([, { Type }]) => Type !== 'AWS::ApiGateway::Deployment')
      .map(([id, { Type }]) => `${Type} ${id}`).sort();
    expect(ids).toMatchSnapshot();
  });

  test('keeps the policy of the artifact bucket', () => {
    const policies = Object.entries<{ Type: string }>(template.Resources).filter(([id, { Type }]) => Type === 'AWS::S3::BucketPolicy' && id.includes('Artifacts'));
    expect(policies).toHaveLength(1);
    expect(policies).toMatchSnapshot();
  });

  test('keeps what each role may do', () => {
    const permissions = Object.entries<{ Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } }>(template.Resources)
      .filter(([, { Type }]) => ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].includes(Type))
      .flatMap(([id, { Properties }]) => Properties.PolicyDocument.Statement.map((statement) => `${id}: ${inOneLine(statement)}`));
    expect(permissions).toMatchSnapshot();
  });
});
