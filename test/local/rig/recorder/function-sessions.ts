import * as crypto from 'node:crypto';
import { IAMClient, paginateListRoles, type IAMClientConfig } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions, type LambdaClientConfig } from '@aws-sdk/client-lambda';

export interface FunctionSession {
  readonly accessKeyId: string;
  readonly roleArn: string;
  readonly assumedRoleId: string;
  readonly arn: string;
  readonly createdAt: Date;
}

/**
 * The sessions in which functions run. Lambda opens them, so the recorder sees no AssumeRole; the local AWS derives
 * their access keys from the names of function and role (`execution_credentials` in its `lambda_runtime`). If that
 * changed, the requests of the functions' own roles would be recorded with the type `Unknown`.
 */
export async function functionSessions(configuration: LambdaClientConfig & IAMClientConfig): Promise<FunctionSession[]> {
  const lambda = new LambdaClient(configuration);
  const iam = new IAMClient(configuration);
  const sessions: FunctionSession[] = [];
  const roleIds = new Map<string, string>();
  try {
    for await (const { Roles: roles = [] } of paginateListRoles({ client: iam }, {})) {
      roles.forEach(({ Arn: arn = '', RoleId: id = '' }) => roleIds.set(arn, id));
    }
    for await (const { Functions: functions = [] } of paginateListFunctions({ client: lambda }, {})) {
      for (const { FunctionName: name = '', FunctionArn: functionArn = '', Role: roleArn = '' } of functions) {
        const digest = crypto.createHash('sha256').update(`${functionArn}:${roleArn}`).digest('hex');
        const roleName = roleArn.split('/').pop()!;
        const account = roleArn.split(':')[4];
        sessions.push({
          accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
          roleArn,
          assumedRoleId: `${roleIds.get(roleArn) ?? roleName}:${name.slice(0, 64)}`,
          arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${name.slice(0, 64)}`,
          createdAt: new Date(),
        });
      }
    }
  } finally {
    lambda.destroy();
    iam.destroy();
  }
  return sessions;
}
