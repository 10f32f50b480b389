import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ArtifactBucket, LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../src';
import { StoreRoles } from '../../src/access/store-roles';

const env = { account: '111122223333', region: 'eu-central-1' };
type Props = (stack: Stack) => SecureModelArtifactStoreProps;

/** The error of a store about its properties; undefined if it accepts them. */
function problems(props: Props, synthesise = false): string[] {
  const app = new App();
  const stack = new Stack(app, 'Store', { env });
  try {
    new SecureModelArtifactStore(stack, 'Models', { monitoring: { enabled: false }, ...props(stack) });
    if (synthesise) app.synth();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => /^\s+- |\[.*Models/.test(line)).map((line) => line.replace(/^\s+- /, ''));
  }
}

const assumedBy = (principal: iam.IPrincipal, requireMultiFactorAuthentication?: boolean): Props => () => ({
  access: { dataScientist: { assumedBy: principal, requireMultiFactorAuthentication } },
});

describe('a role that any AWS account could assume is rejected', () => {
  test.each<[string, iam.IPrincipal]>([
    ['AnyPrincipal', new iam.AnyPrincipal()],
    ['StarPrincipal', new iam.StarPrincipal()],
    ['AccountPrincipal(*)', new iam.AccountPrincipal('*')],
    ['ArnPrincipal(*)', new iam.ArnPrincipal('*')],
    ['an ARN of any account', new iam.ArnPrincipal('arn:aws:iam::*:role/research')],
    ['one of several principals', new iam.CompositePrincipal(new iam.AccountPrincipal('444455556666'), new iam.AnyPrincipal())],
    ['everyone who signed in with MFA',
      new iam.AnyPrincipal().withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })],
    ['everyone over TLS', new iam.StarPrincipal().withConditions({ Bool: { 'aws:SecureTransport': 'true' } })],
    ['everyone in any organization or none',
      new iam.AnyPrincipal().withConditions({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['everyone outside an organization',
      new iam.AnyPrincipal().withConditions({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['every organization', new iam.AnyPrincipal().withConditions({ StringLike: { 'aws:PrincipalOrgID': '*' } })],
    ['session tags for everyone', new iam.AnyPrincipal().withSessionTags()],
  ])('%s', (_name, principal) => {
    expect(problems(assumedBy(principal))[0]).toMatch(/^access\.dataScientist\.assumedBy is open to everyone \(.*\), so any AWS account could assume/);
  });

  test.each<[string, iam.IPrincipal]>([
    ['an organization', new iam.OrganizationPrincipal('o-a1b2c3d4e5')],
    ['everyone in an organization',
      new iam.AnyPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['roles by a pattern', new iam.AnyPrincipal().withConditions({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/research-*' } })],
    ['an account', new iam.AccountPrincipal('444455556666')],
    ['the account of the store', new iam.AccountRootPrincipal()],
    ['a service', new iam.ServicePrincipal('sagemaker.amazonaws.com')],
    ['several', new iam.CompositePrincipal(new iam.AccountPrincipal('444455556666'), new iam.ServicePrincipal('sagemaker.amazonaws.com'))],
  ])('but not %s', (_name, principal) => {
    expect(problems(assumedBy(principal))).toEqual([]);
  });

  test('including a role for every GitHub user, unless a condition limits it', () => {
    const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
    const audience = { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' };
    expect(problems(assumedBy(new iam.WebIdentityPrincipal(provider)))[0]).toMatch(/assumedBy includes everyone that .*github.* signs in/);
    expect(problems(assumedBy(new iam.WebIdentityPrincipal(provider, { StringEquals: audience })))).toHaveLength(1);
    expect(problems(assumedBy(new iam.WebIdentityPrincipal(provider, {
      StringEquals: { ...audience, 'token.actions.githubusercontent.com:sub': 'repo:acme/models:ref:refs/heads/main' },
    })))).toEqual([]);
  });

  test('also by a construct that is used without a store', () => {
    const stack = new Stack(new App(), 'Store', { env });
    expect(() => new StoreRoles(stack, 'Roles', {
      artifactBucket: new ArtifactBucket(stack, 'Artifacts'), auditor: { assumedBy: new iam.AnyPrincipal() },
    })).toThrow('StoreRoles at Store/Roles:\n  - auditor.assumedBy is open to everyone (*), so any AWS account could '
      + 'assume the role; name the principals, or use new iam.OrganizationPrincipal(…) or withConditions on '
      + 'aws:PrincipalOrgID, aws:PrincipalAccount or aws:PrincipalArn');
  });
});

describe('required MFA is rejected for principals that can never have it', () => {
  test.each<[string, iam.IPrincipal]>([
    ['a service', new iam.ServicePrincipal('sagemaker.amazonaws.com')],
    ['a web identity', new iam.WebIdentityPrincipal('cognito-identity.amazonaws.com', {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-central-1:11111111-2222-3333-4444-555555555555' },
    })],
    ['SAML', new iam.FederatedPrincipal('arn:aws:iam::111122223333:saml-provider/acme', {}, 'sts:AssumeRoleWithSAML')],
    ['another role', new iam.ArnPrincipal('arn:aws:iam::444455556666:role/research')],
    ['one of several principals', new iam.CompositePrincipal(new iam.AccountRootPrincipal(), new iam.ServicePrincipal('sagemaker.amazonaws.com'))],
  ])('%s', (_name, principal) => {
    expect(problems(assumedBy(principal, true))).toEqual([expect.stringMatching(
      /^access\.dataScientist\.requireMultiFactorAuthentication is true, but access\.dataScientist\.assumedBy includes .*, whose sessions never carry/)]);
  });

  test.each<[string, iam.IPrincipal]>([
    ['users of an account', new iam.AccountPrincipal('444455556666')],
    ['a user', new iam.ArnPrincipal('arn:aws:iam::444455556666:user/jane')],
  ])('but not for %s', (_name, principal) => {
    expect(problems(assumedBy(principal, true))).toEqual([]);
  });
});

describe('an unusable key is rejected', () => {
  const rsa = (stack: Stack) => new kms.Key(stack, 'Rsa', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.ENCRYPT_DECRYPT });
  const signing = (stack: Stack) => new kms.Key(stack, 'Signing', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  const hmac = (stack: Stack) => new kms.Key(stack, 'Hmac', { keySpec: kms.KeySpec.HMAC_256, keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC });

  test.each<[string, Props]>([
    ['encryptionKey', (stack) => ({ encryptionKey: rsa(stack) })],
    ['encryptionKey', (stack) => ({ encryptionKey: hmac(stack) })],
    ['audit.analytics.encryptionKey', (stack) => ({ audit: { analytics: { encryptionKey: signing(stack) } } })],
    ['monitoring.encryptionKey', (stack) => ({ monitoring: { encryptionKey: rsa(stack) } })],
    ['artifactBucket.encryptionKey', (stack) => ({
      artifactBucket: ArtifactBucket.fromBucket(stack, 'Given', new ArtifactBucket(stack, 'Bucket').bucket, rsa(stack)),
    })],
  ])('an asymmetric or HMAC key in %s', (property, props) => {
    expect(problems(props)[0]).toMatch(new RegExp(`^${property} is the key Store/\\w+ with keySpec .* and keyUsage .*; AWS services encrypt only with symmetric keys`));
  });

  test('an asymmetric key of a log archive, and a disabled key', () => {
    const stack = new Stack(new App(), 'Store', { env });
    expect(() => new LogArchive(stack, 'Logs', { encryptionKey: signing(stack) })).toThrow('encryptionKey is the key Store/Signing with keySpec ECC_NIST_P256');
    expect(problems((scope) => ({ encryptionKey: new kms.Key(scope, 'Off', { enabled: false }) }))).toEqual([
      'encryptionKey is the key Store/Off with enabled: false; a disabled key cannot encrypt or decrypt: enable it',
    ]);
  });

  test('but not a symmetric key, in any notation', () => {
    expect(problems((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }))).toEqual([]);
    expect(problems((stack) => ({ encryptionKey: new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.SYMMETRIC_DEFAULT }) }))).toEqual([]);
  });
});

describe('a permanent lock on resources that are deleted with the stack is rejected', () => {
  const compliance = s3.ObjectLockRetention.compliance(Duration.days(30));
  const governance = s3.ObjectLockRetention.governance(Duration.days(30));

  test.each(['modelObjectLock', 'logObjectLock'] as const)('retention.%s', (lock) => {
    const retention = { [lock]: compliance, removalPolicy: RemovalPolicy.DESTROY };
    expect(problems(() => ({ retention }))).toEqual([expect.stringMatching(
      new RegExp(`^retention\\.${lock} is in COMPLIANCE mode, but retention\\.removalPolicy is DESTROY; a bucket cannot be emptied`))]);
    expect(problems(() => ({ retention: { ...retention, removalPolicy: RemovalPolicy.RETAIN } }))).toEqual([]);
    expect(problems(() => ({ retention: { ...retention, [lock]: governance } }))).toEqual([]);
  });
});

describe('a network that excludes the functions of the store is rejected', () => {
  const isolated = (stack: Stack, endpoints: 'none' | 's3' | 'all' = 'all') => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const s3Endpoint = endpoints === 'none' ? undefined : vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    if (endpoints === 'all') {
      vpc.addInterfaceEndpoint('Sts', { service: ec2.InterfaceVpcEndpointAwsService.STS });
      vpc.addInterfaceEndpoint('Kms', { service: ec2.InterfaceVpcEndpointAwsService.KMS });
    }
    return { vpc, s3Endpoint };
  };
  const cidrs = ['203.0.113.0/24'];

  test('only addresses, with functions without a public address', () => {
    expect(problems((stack) => ({ network: { perimeter: { cidrs }, vpc: isolated(stack).vpc } }))).toEqual([
      expect.stringMatching(/^network\.perimeter\.cidrs is the only network in network\.perimeter, but network\.vpcSubnets is in isolated subnets of Store\/Vpc/),
    ]);
  });

  test('only addresses, in an imported VPC whose subnets are isolated', () => {
    const imported = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-12345678', availabilityZones: ['eu-central-1a'], isolatedSubnetIds: ['subnet-12345678'],
    });
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    expect(problems((stack) => ({ network: { perimeter: { cidrs }, vpc: imported(stack), vpcSubnets } }))).toHaveLength(1);
  });

  test('a perimeter with endpoints of another VPC', () => {
    expect(problems((stack) => {
      const { vpc } = isolated(stack);
      const people = new ec2.Vpc(stack, 'People').addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
      return { network: { perimeter: { vpcEndpointIds: [people.vpcEndpointId] }, vpc } };
    }, true).join()).toMatch(/network\.perimeter\.vpcEndpointIds does not include the S3 endpoint of Store\/Vpc/);
    expect(problems((stack) => {
      const { vpc, s3Endpoint } = isolated(stack);
      return { network: { perimeter: { vpcEndpointIds: [s3Endpoint!.vpcEndpointId] }, vpc } };
    }, true)).toEqual([]);
  });

  test('an isolated VPC without the endpoints that the functions call', () => {
    expect(problems((stack) => ({ network: { vpc: isolated(stack, 'none').vpc } }), true).join())
      .toMatch(/network\.vpc: the functions are in isolated subnets of Store\/Vpc, which has no endpoint for S3, STS, KMS/);
    expect(problems((stack) => ({ network: { vpc: isolated(stack, 's3').vpc } }), true).join()).toMatch(/no endpoint for STS, KMS/);
    expect(problems((stack) => ({ signing: { enabled: false }, network: { vpc: isolated(stack, 's3').vpc } }), true).join()).toMatch(/no endpoint for STS;/);
    expect(problems((stack) => ({ network: { vpc: isolated(stack).vpc } }), true)).toEqual([]);
  });

  test('but not a VPC whose subnets have a route', () => {
    expect(problems((stack) => {
      const { vpc } = isolated(stack, 'none');
      vpc.isolatedSubnets.forEach(({ routeTable: { routeTableId } }, index) => new ec2.CfnRoute(stack, `ToTransit${index}`, {
        routeTableId, destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-12345678',
      }));
      return { network: { vpc } };
    }, true)).toEqual([]);
  });

  test('but not a VPC with internet access, or an imported one', () => {
    expect(problems((stack) => ({ network: { perimeter: { cidrs }, vpc: new ec2.Vpc(stack, 'Vpc') } }), true)).toEqual([]);
    expect(problems((stack) => ({
      network: {
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: 'vpc-12345678', availabilityZones: ['eu-central-1a'], isolatedSubnetIds: ['subnet-12345678'],
        }),
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      },
    }), true)).toEqual([]);
  });
});
