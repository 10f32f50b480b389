import { AGENT, CROWN_JEWEL, directRead, GIB, MINUTE, OUTSIDE, type Scenario } from './scenario';
import { blobKey } from '../../../../src/contract/keys';
import { invokeFunction, readPolicy } from '../opened-sessions';
import { pull } from '../ordinary-oddities';
import { STORE } from '../trail-record';

const MANY = Array.from({ length: 25 }, (_, index) => `203.0.113.${index + 1}`);

/** Links that go round, and networks where nobody works. */
export const LINKS_AND_NETWORKS: readonly Scenario[] = [
  {
    name: 'a presigned URL that is shared and used from another address',
    question: 'presigned-url-from-other-address',
    principal: 'dmitri',
    model: CROWN_JEWEL.name,
    plant: (month) => pull(month, month.person('dmitri'), CROWN_JEWEL, month.at(4, 16), {
      sourceIp: month.person('dmitri').sourceIps[0], usedFrom: [OUTSIDE.tor], bytes: 4 * GIB,
    }),
  },
  {
    name: 'a presigned URL that is published and used from 25 addresses',
    question: 'presigned-url-from-other-address',
    principal: 'ursula',
    model: CROWN_JEWEL.name,
    plant: (month) => pull(month, month.person('ursula'), CROWN_JEWEL, month.at(25, 12), {
      sourceIp: month.person('ursula').sourceIps[0], usedFrom: MANY, bytes: 12.5 * GIB,
    }),
  },
  {
    name: 'a presigned URL that a user signed for seven days',
    question: 'long-lived-presigned-urls',
    principal: 'sofia',
    model: CROWN_JEWEL.name,
    plant: (month) => {
      const time = month.at(7, 20);
      month.add({
        ...month.ids(), time, action: 'GetObject', session: month.session('-', 'sofia', time),
        identity: {
          type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: `arn:aws:iam::${STORE.account}:user/sofia`, accountId: STORE.account, userName: 'sofia', accessKeyId: 'AKIAEXAMPLE',
        },
        sourceIp: OUTSIDE.cloud, userAgent: AGENT.browser, key: blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest), bytesOut: 900_000_000,
        link: { signedAt: time - 3 * 24 * 60 * MINUTE, lifetimeSeconds: 604_800 },
      });
    },
  },
  {
    name: 'stolen credentials used from another country',
    question: 'egress-outside-perimeter',
    principal: 'edsger',
    plant: (month) => pull(month, month.person('edsger'), month.person('edsger').models[0], month.at(10, 11), { sourceIp: OUTSIDE.hotel }),
  },
  {
    name: 'a read through an unknown VPC endpoint',
    question: 'new-networks',
    principal: 'fatima',
    plant: (month) => pull(month, month.person('fatima'), month.person('fatima').models[0], month.at(11, 10), {
      sourceIp: '10.99.0.4', vpcEndpoint: 'vpce-0ffffffffffffffff',
    }),
  },
  {
    name: 'one person\'s sessions used in two countries at the same time',
    question: 'two-places',
    principal: 'guido',
    plant: (month) => {
      const person = month.person('guido');
      pull(month, person, person.models[0], month.at(13, 11), { sourceIp: person.sourceIps[0], bytes: 200_000_000 });
      pull(month, person, person.models[0], month.at(13, 11, 6), { sourceIp: OUTSIDE.hotel, bytes: 200_000_000 });
    },
  },
  {
    name: 'presigned URLs for a model that are collected and never used',
    question: 'unused-presigned-urls',
    principal: 'hana',
    model: CROWN_JEWEL.name,
    plant: (month) => [0, 1, 2].forEach((minute) => {
      const time = month.at(20, 16, minute);
      invokeFunction(month, month.session('models-DownloadSessionRole', 'hana', time, 'hana'), time, undefined, readPolicy(CROWN_JEWEL.name));
    }),
  },
  {
    name: 'a presigned URL that is passed on within the office and used three times',
    question: 'reused-presigned-urls',
    principal: 'kurt',
    plant: (month) => {
      const person = month.person('kurt');
      const time = month.at(19, 10);
      const session = month.session('models-DownloadSessionRole', 'kurt', time, 'kurt');
      const [{ digest, size }] = person.models[0].files;
      [0, 6, 12].forEach((minute) => month.add({
        ...month.ids(), session, time: time + minute * MINUTE, action: 'GetObject', key: blobKey(person.models[0].name, digest), bytesOut: size,
        sourceIp: person.sourceIps[0], userAgent: person.userAgent, link: { signedAt: time, lifetimeSeconds: 900, askedFrom: person.sourceIps[0] },
      }));
    },
  },
  {
    name: 'a presigned URL that a browser uses as well',
    question: 'reused-presigned-urls',
    principal: 'noor',
    plant: (month) => {
      const person = month.person('noor');
      const requests = pull(month, person, person.models[0], month.at(23, 10), { sourceIp: person.sourceIps[0], bytes: 1_000_000 });
      const { time, ...used } = requests[requests.length - 1];
      month.add({ ...used, ...month.ids(), time: time + 3 * MINUTE, userAgent: AGENT.browser });
    },
  },
  {
    name: 'the credentials of a batch job on a rented server',
    question: 'direct-role-elsewhere',
    principal: 'SageMakerTraining1=SageMaker',
    plant: (month) => directRead(month, 'SageMakerTraining1', 'SageMaker', month.at(24, 3), { sourceIp: OUTSIDE.cloud, userAgent: AGENT.python }),
  },
  {
    name: 'a session of a batch job used by the job and by someone else',
    question: 'direct-role-elsewhere',
    principal: 'SageMakerTraining0=SageMaker',
    plant: (month) => {
      const time = month.at(25, 3);
      const session = month.session('SageMakerTraining0', 'SageMaker', time - MINUTE);
      directRead(month, '', '', time, { session, vpcEndpoint: STORE.vpcEndpoint, sourceIp: month.person('SageMakerTraining0').sourceIps[0], userAgent: AGENT.python });
      directRead(month, '', '', time + MINUTE, { session, sourceIp: OUTSIDE.hotel, userAgent: AGENT.python });
    },
  },
  {
    name: 'a copy tool with the presigned URLs of a person',
    question: 'unusual-user-agents',
    principal: 'carlos',
    plant: (month) => {
      const person = month.person('carlos');
      pull(month, { ...person, userAgent: 'rclone/v1.71.0' }, person.models[0], month.at(26, 14), { sourceIp: person.sourceIps[0], bytes: 300_000_000 });
    },
  },
  {
    name: 'a person\'s sessions on another operating system',
    question: 'unusual-user-agents',
    principal: 'barbara',
    plant: (month) => {
      const person = month.person('barbara');
      pull(month, { ...person, userAgent: 'model-store/1.0.0 node/24.1.0 (win32 x64)' }, person.models[0], month.at(27, 14), {
        sourceIp: person.sourceIps[0], bytes: 300_000_000,
      });
    },
  },
];
