import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfiguration } from './clients';
import type { Credentials } from './environment';
import type { LocalAws } from './local-aws';

/** A user with a name and an access key, who can only assume one role. */
export interface Person {
  readonly name: string;
  readonly roleArn: string;
  readonly accessKey: Credentials;
}

/** Creates an IAM user whose only permission is to assume this role. */
export async function makePerson(localAws: LocalAws, name: string, roleArn: string): Promise<Person> {
  return { name, roleArn, accessKey: await makeUser(localAws, name, [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn }]) };
}

/** Makes an IAM user with these permissions, and returns an access key of theirs. */
export async function makeUser(localAws: LocalAws, name: string, statements: readonly object[]): Promise<Credentials> {
  const iam = new IAMClient(clientConfiguration(localAws, localAws.root));
  try {
    await iam.send(new CreateUserCommand({ UserName: name }));
    await iam.send(new PutUserPolicyCommand({
      UserName: name,
      PolicyName: 'permissions',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }));
    const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! };
  } finally {
    iam.destroy();
  }
}

/** Credentials for the user in their role, with the user name as session name. */
export async function inRole(localAws: LocalAws, person: Person, durationSeconds = 3_600): Promise<Required<Credentials>> {
  const sts = new STSClient(clientConfiguration(localAws, person.accessKey));
  try {
    const { Credentials: session } = await sts.send(new AssumeRoleCommand({
      RoleArn: person.roleArn, RoleSessionName: person.name, DurationSeconds: durationSeconds,
    }));
    return { accessKeyId: session!.AccessKeyId!, secretAccessKey: session!.SecretAccessKey!, sessionToken: session!.SessionToken! };
  } finally {
    sts.destroy();
  }
}
