import { invocationRecord, managementRecord } from './management-record';
import { type MonthOfEvidence, ROLES, WATCHED } from './month-of-evidence';
import { type Session, STORE } from './trail-record';

type Who = { readonly identity: { readonly [name: string]: unknown }; readonly sourceIp: string };

const FUNCTIONS = [
  { sessionRole: 'models-UploadSessionRole', role: ROLES.functions[0], name: WATCHED.uploadFunction },
  { sessionRole: 'models-DownloadSessionRole', role: ROLES.functions[1], name: WATCHED.function },
  { sessionRole: 'models-RegistrySessionRole', role: ROLES.functions[2], name: WATCHED.registryFunction },
] as const;

/** A function of the store is invoked, by the API unless `by` is given, and opens a session for a caller. */
export function invokeFunction(month: MonthOfEvidence, session: Session, time: number, by?: Who, policy?: string): void {
  const { role, name } = FUNCTIONS.find(({ sessionRole }) => sessionRole === session.roleName)!;
  const requestId = month.random.uuid();
  month.trail.push(invocationRecord({ time: time - 700, functionName: name, by, requestId }, month.random));
  month.trail.push(managementRecord({
    time: time - 500, service: 'sts', action: 'AssumeRole', readOnly: true, session: month.session(role, name, time),
    parameters: {
      roleArn: `arn:aws:iam::${session.account}:role/${session.roleName}`, roleSessionName: session.sessionName,
      sourceIdentity: session.sourceIdentity, ...(policy !== undefined && { policy }),
      tags: [
        { key: 'caller', value: `arn:aws:sts::${STORE.account}:assumed-role/${session.sessionName}` },
        { key: 'model', value: 'model' }, { key: 'request-id', value: month.random.uuid() },
        { key: 'invocation-id', value: requestId },
      ],
    },
    response: opened(session.accessKeyId),
  }, month.random));
}

export function opened(accessKeyId: string): { readonly credentials: { readonly [name: string]: string } } {
  return { credentials: { accessKeyId, expiration: 'Nov 30, 2026, 11:00:00 PM' } };
}

/** The session policy with which the download function signs URLs for files of a model. */
export function readPolicy(model: string): string {
  return JSON.stringify({
    Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${STORE.bucket}/models/${model}/blobs/sha256/*`] }],
  });
}

/** The functions open the store's sessions, SageMaker those of its jobs: those that nobody else is recorded to have opened. */
export function openSessions(month: MonthOfEvidence): void {
  const keyIn = (response: unknown) => (response as { credentials?: { accessKeyId: string } } | null)?.credentials?.accessKeyId;
  const known = new Set(month.trail.map(({ record }) => keyIn(record.responseElements)));
  const signed = month.requests.filter(({ link, key }) => link && key?.includes('/blobs/'));
  const models = new Map(signed.map(({ session, key }) => [session.accessKeyId, key!.split('/')[1]]));
  for (const { session, time } of month.requests) {
    if (known.has(session.accessKeyId)) continue;
    known.add(session.accessKeyId);
    if (FUNCTIONS.some(({ sessionRole }) => sessionRole === session.roleName)) {
      const model = session.roleName === 'models-DownloadSessionRole' ? models.get(session.accessKeyId) : undefined;
      invokeFunction(month, session, time, undefined, model === undefined ? undefined : readPolicy(model));
    } else if (session.roleName.startsWith('SageMakerTraining')) {
      month.trail.push(managementRecord({
        time: time - 500, service: 'sts', action: 'AssumeRole', readOnly: true,
        identity: { type: 'AWSService', invokedBy: 'sagemaker.amazonaws.com' }, sourceIp: 'sagemaker.amazonaws.com',
        parameters: { roleArn: `arn:aws:iam::${session.account}:role/${session.roleName}`, roleSessionName: session.sessionName },
        response: opened(session.accessKeyId),
      }, month.random));
    }
  }
}

/** A user with a long-lived key. */
export function iamUser(userName: string): { readonly [name: string]: unknown } {
  return {
    type: 'IAMUser', principalId: `AIDA${userName.toUpperCase()}`, arn: `arn:aws:iam::${STORE.account}:user/${userName}`, accountId: STORE.account,
    accessKeyId: `AKIA${userName.toUpperCase()}`, userName,
  };
}

/** People and pipelines open the sessions with which they call the API, under their own names, in all the usual ways. */
export function callersSignIn(month: MonthOfEvidence): void {
  const [dataScientist, pipeline] = ROLES.callers;
  const assumes = (time: number, action: string, roleName: string, name: string, by: object) => month.trail.push(managementRecord({
    time, service: 'sts', action, readOnly: true, parameters: { roleArn: `arn:aws:iam::${STORE.account}:role/${roleName}`, roleSessionName: name },
    response: opened(`ASIA${month.random.id(16)}`), ...by,
  }, month.random));
  month.work.principals.forEach(({ name, kind }, index) => {
    for (const day of [2, 9, 16, 23].map((first) => first + index % 5)) {
      const time = month.at(day, 8, index);
      if (kind === 'pipeline') {
        assumes(time, 'AssumeRoleWithWebIdentity', pipeline, 'release', {
          identity: { type: 'WebIdentityUser', userName: `repo:acme/${name}:ref:refs/heads/main`, identityProvider: 'token.actions.githubusercontent.com' },
        });
      } else if (kind === 'scientist' && index % 4 === 0) {
        assumes(time, 'AssumeRole', dataScientist, name, { identity: iamUser(name) });
      } else if (kind === 'scientist' && index % 4 === 1) {
        assumes(time, 'AssumeRoleWithSAML', dataScientist, name, {
          identity: { type: 'SAMLUser', principalId: `EXAMPLE=:${name}`, userName: `${name}@example.com`, identityProvider: 'EXAMPLE=' },
        });
      } else if (kind === 'scientist') {
        // IAM Identity Center opened this session for the person, who opens the other.
        const own = month.session('AWSReservedSSO_Science_0123456789abcdef', `${name}@example.com`, time);
        assumes(time - 60_000, 'AssumeRoleWithSAML', own.roleName, own.sessionName, {
          identity: { type: 'SAMLUser', principalId: `EXAMPLE=:${name}`, userName: own.sessionName, identityProvider: 'EXAMPLE=' }, response: opened(own.accessKeyId),
        });
        assumes(time, 'AssumeRole', dataScientist, name, { session: own });
      }
    }
  });
  assumes(month.at(3, 3), 'AssumeRole', pipeline, 'nightly', {
    identity: { type: 'AWSService', invokedBy: 'codebuild.amazonaws.com' }, sourceIp: 'codebuild.amazonaws.com',
  });
}
