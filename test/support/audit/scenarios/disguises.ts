import { AGENT, call, CROWN_JEWEL, directRead, GIB, MINUTE, OUTSIDE, roleArn, type Scenario } from './scenario';
import { aliasKey, blobKey, manifestKey, signatureKey } from '../../../../src/contract/keys';
import { invocationRecord } from '../management-record';
import { type MonthOfEvidence, ROLES, WATCHED } from '../month-of-evidence';
import { iamUser, invokeFunction, opened } from '../opened-sessions';
import { identityOf, STORE } from '../trail-record';

const JEWEL_KEY = blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest);

/** A user who can only invoke functions makes one of them open a session for another person. */
function forge(month: MonthOfEvidence, user: string, claimed: string, roleName: string, time: number) {
  const session = month.session(roleName, claimed, time, claimed);
  invokeFunction(month, session, time, { identity: iamUser(user), sourceIp: '10.20.3.66' });
  return session;
}

function opens(month: MonthOfEvidence, by: object, time: number, roleName: string, name: string) {
  const session = month.session(roleName, name, time);
  call(month, '-=-', time, {
    service: 'sts', action: 'AssumeRole', readOnly: true, parameters: { roleArn: roleArn(roleName), roleSessionName: name },
    response: opened(session.accessKeyId), ...by,
  });
  return session;
}

/** Names of others. */
export const DISGUISES: readonly Scenario[] = [
  {
    name: 'functions invoked directly, to publish, promote and pull in the name of another person',
    question: 'direct-invocations',
    principal: 'mallory',
    plant: (month) => {
      const time = month.at(25, 14);
      const wrote = forge(month, 'mallory', 'frances', 'models-UploadSessionRole', time);
      const request = { action: 'PutObject', sourceIp: '3.120.7.7', userAgent: AGENT.python, bytesOut: 0, bytesIn: 2_000 };
      [signatureKey('fraud-detector', '6.6.8'), manifestKey('fraud-detector', '6.6.8')].forEach((key, index) => (
        month.add({ ...month.ids(), ...request, session: wrote, time: time + index * 100, key })));
      const promoted = forge(month, 'mallory', 'frances', 'models-RegistrySessionRole', time + MINUTE);
      month.add({ ...month.ids(), ...request, session: promoted, time: time + MINUTE, key: aliasKey('fraud-detector', 'production') });
      const read = forge(month, 'mallory', 'frances', 'models-DownloadSessionRole', time + 2 * MINUTE);
      directRead(month, '', '', time + 2 * MINUTE + 1_000, {
        session: read, key: JEWEL_KEY, bytesOut: 2 * GIB, sourceIp: '10.20.3.66', link: { signedAt: time + 2 * MINUTE, lifetimeSeconds: 900, askedFrom: '10.20.3.66' },
      });
    },
  },
  {
    name: 'an attempt to invoke a function directly that its policy denies',
    question: 'direct-invocations',
    principal: 'CloudAdmin=victor',
    plant: (month) => {
      const identity = identityOf(month.session('CloudAdmin', 'victor', month.at(26, 10)));
      month.trail.push(invocationRecord({
        time: month.at(26, 10), functionName: WATCHED.function, requestId: month.random.uuid(), errorCode: 'AccessDenied',
        by: { identity, sourceIp: OUTSIDE.hotel },
      }, month.random));
    },
  },
  {
    name: 'a chain of three sessions that ends in the role of a batch job',
    question: 'unexpected-role-assumption',
    principal: 'Scientist=trudy',
    plant: (month) => {
      const time = month.at(18, 13);
      const first = opens(month, { session: month.session('Scientist', 'trudy', time) }, time, 'Helper', 'ci');
      const second = opens(month, { session: first }, time + MINUTE, 'Deployment', 'ci');
      const last = opens(month, { session: second }, time + 2 * MINUTE, 'SageMakerTraining1', 'SageMaker');
      directRead(month, '', '', time + 3 * MINUTE, { session: last, vpcEndpoint: STORE.vpcEndpoint, sourceIp: month.person('SageMakerTraining1').sourceIps[0] });
    },
  },
  {
    name: 'a session of the role of a batch job, exchanged for scoped credentials',
    question: 'unexpected-role-assumption',
    principal: 'Scientist=oscar',
    plant: (month) => {
      const time = month.at(18, 16);
      const batch = opens(month, { session: month.session('Scientist', 'oscar', time) }, time, 'SageMakerTraining1', 'SageMaker');
      const scoped = { ...batch, accessKeyId: `ASIA${month.random.id(16)}` };
      call(month, '-=-', time + MINUTE, {
        service: 'sts', action: 'GetScopedCredentials', readOnly: true, parameters: {}, session: batch, response: opened(scoped.accessKeyId),
      });
      directRead(month, '', '', time + 2 * MINUTE, { session: scoped, vpcEndpoint: STORE.vpcEndpoint, sourceIp: month.person('SageMakerTraining1').sourceIps[0] });
    },
  },
  {
    name: 'a federation token under the name of another person',
    question: 'unexpected-role-assumption',
    principal: 'eve',
    alsoNamed: [`arn:aws:sts::${STORE.account}:federated-user/hana`],
    plant: (month) => {
      const time = month.at(19, 15);
      const accessKeyId = `ASIA${month.random.id(16)}`;
      call(month, '-=-', time, {
        service: 'sts', action: 'GetFederationToken', readOnly: true, identity: iamUser('eve'), parameters: { name: 'hana' }, response: opened(accessKeyId),
      });
      directRead(month, '', 'hana', time + MINUTE, {
        identity: { type: 'FederatedUser', principalId: `${STORE.account}:hana`, arn: `arn:aws:sts::${STORE.account}:federated-user/hana`, accountId: STORE.account, accessKeyId },
      });
    },
  },
  {
    name: 'a session of a role of the store under the name of another person',
    question: 'misnamed-sessions',
    principal: 'heidi',
    plant: (month) => opens(month, { identity: iamUser('heidi') }, month.at(20, 11), ROLES.callers[1], 'grace'),
  },
  {
    name: 'the same, by way of a session that has that name already',
    question: 'misnamed-sessions',
    principal: 'Scientist=judy',
    plant: (month) => {
      const time = month.at(20, 12);
      const helper = opens(month, { session: month.session('Scientist', 'judy', time) }, time, 'Helper', 'grace');
      opens(month, { session: helper }, time + MINUTE, ROLES.callers[1], 'grace');
    },
  },
];
