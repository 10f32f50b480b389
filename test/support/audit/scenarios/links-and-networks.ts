import { AGENT, CROWN_JEWEL, GIB, MINUTE, OUTSIDE, type Scenario } from './scenario';
import { blobKey } from '../../../../src/contract/keys';
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
];
