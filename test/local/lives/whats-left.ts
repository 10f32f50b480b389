import { APIGatewayClient, GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetPolicyCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfiguration } from '../rig/clients';
import type { LocalAws } from '../rig/local-aws';

export interface MadeResource {
  readonly type: string;
  readonly id: string;
}

/** The resources of a stack, by type and ID. */
export async function resourcesOfStack(localAws: LocalAws, stackName: string): Promise<MadeResource[]> {
  const client = new CloudFormationClient(clientConfiguration(localAws, localAws.root));
  const made: MadeResource[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stackName })) {
      made.push(...StackResourceSummaries.map(({ ResourceType: type, PhysicalResourceId: id }) => ({ type: type!, id: id! })));
    }
    return made;
  } finally {
    client.destroy();
  }
}

const GONE = /NotFound|NoSuch|does not exist|ResourceNotFound|InvalidRequestException/;

/** Finds which of these still exist, from the services themselves and not from CloudFormation. */
export class WhatsLeft {
  private readonly s3: S3Client;
  private readonly lambda: LambdaClient;
  private readonly iam: IAMClient;
  private readonly kms: KMSClient;
  private readonly ssm: SSMClient;
  private readonly apis: APIGatewayClient;
  private readonly athena: AthenaClient;

  /** Checks for each type; resources that are being deleted count as `gone`. */
  private readonly looks: { readonly [type: string]: (id: string) => Promise<'there' | 'gone'> };

  constructor(localAws: LocalAws) {
    const configuration = clientConfiguration(localAws, localAws.root);
    this.s3 = new S3Client({ ...configuration, forcePathStyle: true });
    this.lambda = new LambdaClient(configuration);
    this.iam = new IAMClient(configuration);
    this.kms = new KMSClient(configuration);
    this.ssm = new SSMClient(configuration);
    this.apis = new APIGatewayClient(configuration);
    this.athena = new AthenaClient(configuration);
    this.looks = {
      'AWS::S3::Bucket': async (id) => there(this.s3.send(new HeadBucketCommand({ Bucket: id }))),
      'AWS::Lambda::Function': async (id) => there(this.lambda.send(new GetFunctionCommand({ FunctionName: id }))),
      'AWS::IAM::Role': async (id) => there(this.iam.send(new GetRoleCommand({ RoleName: id }))),
      'AWS::IAM::ManagedPolicy': async (id) => there(this.iam.send(new GetPolicyCommand({ PolicyArn: id }))),
      'AWS::SSM::Parameter': async (id) => there(this.ssm.send(new GetParameterCommand({ Name: id }))),
      'AWS::ApiGateway::RestApi': async (id) => there(this.apis.send(new GetRestApiCommand({ restApiId: id }))),
      'AWS::Athena::WorkGroup': async (id) => there(this.athena.send(new GetWorkGroupCommand({ WorkGroup: id }))),
      'AWS::KMS::Key': async (id) => {
        const { KeyMetadata } = await this.kms.send(new DescribeKeyCommand({ KeyId: id }));
        return KeyMetadata!.KeyState === 'PendingDeletion' ? 'gone' : 'there';
      },
    };
  }

  public get types(): string[] {
    return Object.keys(this.looks);
  }

  public async of(made: readonly MadeResource[]): Promise<MadeResource[]> {
    const left: MadeResource[] = [];
    for (const resource of made.filter(({ type }) => type in this.looks)) {
      if (await this.looks[resource.type](resource.id) === 'there') {
        left.push(resource);
      }
    }
    return left;
  }

  public close(): void {
    [this.s3, this.lambda, this.iam, this.kms, this.ssm, this.apis, this.athena].forEach((client) => client.destroy());
  }
}

async function there(request: Promise<unknown>): Promise<'there' | 'gone'> {
  try {
    await request;
    return 'there';
  } catch (error) {
    const { name, message } = error as Error;
    if (GONE.test(`${name} ${message}`) || (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) {
      return 'gone';
    }
    throw error;
  }
}
