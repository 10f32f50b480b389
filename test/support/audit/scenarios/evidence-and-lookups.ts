import { AGENT, call, CROWN_JEWEL, directRead, GIB, MINUTE, type Scenario } from './scenario';
import { blobKey, manifestKey } from '../../../../src/contract/keys';
import { LOG_BUCKETS, type MonthOfEvidence, WATCHED } from '../month-of-evidence';
import { type ObjectRequest, STORE } from '../trail-record';

const LOG_KEY = `AWSLogs/${STORE.account}/CloudTrail/${STORE.region}/2026/11/12/file.json.gz`;
const JEWEL_KEY = blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest);

/** One session that makes many requests of a kind. */
function sweep(month: MonthOfEvidence, admin: string, time: number, requests: readonly Partial<ObjectRequest>[]): void {
  const [roleName, name] = admin.split('=');
  const session = month.session(roleName, name, time - MINUTE);
  requests.forEach((request, index) => directRead(month, roleName, name, time + index * 500, { session, bytesOut: 0, ...request }));
}

/** What is read, looked for and destroyed besides models. */
export const EVIDENCE_AND_LOOKUPS: readonly Scenario[] = [
  {
    name: 'an administrator reads the logs of a download',
    question: 'evidence-reads',
    principal: 'CloudAdmin=niklaus',
    plant: (month) => sweep(month, 'CloudAdmin=niklaus', month.at(12, 15), [1, 2, 3].map(() => ({
      bucket: LOG_BUCKETS.trail, key: LOG_KEY, bytesOut: 170_000,
    }))),
  },
  {
    name: 'the access logs copied to another bucket',
    question: 'evidence-reads',
    principal: 'DataPlatform=anita',
    plant: (month) => sweep(month, 'DataPlatform=anita', month.at(13, 15), [{
      action: 'CopyObject', bucket: 'scratch', key: 'logs', bytesOut: 200, requestParameters: { 'x-amz-copy-source': `${LOG_BUCKETS.access}/line-1` },
    }]),
  },
  {
    name: 'the size and checksum of every file looked up, before a download',
    question: 'object-enumeration',
    principal: 'CloudAdmin=sven',
    plant: (month) => sweep(month, 'CloudAdmin=sven', month.at(16, 10), Array.from({ length: 220 }, (_, index) => ({
      action: index % 2 ? 'HeadObject' : 'GetObjectAttributes', key: blobKey('speech-lexicon', index.toString(16).padStart(64, 'd')),
    }))),
  },
  {
    name: 'a search for the names of models through the API',
    question: 'object-enumeration',
    principal: 'mary',
    plant: (month) => {
      const time = month.at(17, 16);
      const session = month.session('models-RegistrySessionRole', 'mary', time, 'mary');
      ['fraud', 'payments', 'credit', 'scoring', 'aml', 'kyc', 'risk', 'claims', 'pricing', 'churn'].forEach((name, index) => directRead(
        month, '', '', time + index * 2_000, { session, sourceIp: '3.120.7.7', userAgent: AGENT.python, key: manifestKey(`${name}-v2`, '1.0.0'), bytesOut: 0, errorCode: 'NoSuchKey' },
      ));
    },
  },
  {
    name: 'models downloaded, then deleted with their key',
    question: 'read-then-delete',
    principal: 'CloudAdmin=ransom',
    plant: (month) => {
      const time = month.at(28, 1);
      sweep(month, 'CloudAdmin=ransom', time, [{ key: JEWEL_KEY, bytesOut: 12 * GIB }]);
      sweep(month, 'CloudAdmin=ransom', time + 90 * MINUTE, [1, 2, 3].map(() => ({ action: 'DeleteObject', key: JEWEL_KEY })));
      call(month, 'CloudAdmin=ransom', time + 95 * MINUTE, {
        service: 'kms', action: 'ScheduleKeyDeletion', parameters: { keyId: WATCHED.key, pendingWindowInDays: 7 },
      });
    },
  },
  {
    name: 'an attempt to use the encryption key directly',
    question: 'denied-requests',
    principal: 'Scientist=petra',
    plant: (month) => call(month, 'Scientist=petra', month.at(18, 9), {
      service: 'kms', action: 'Decrypt', readOnly: true, parameters: { keyId: STORE.encryptionKeyArn }, errorCode: 'AccessDenied',
    }),
  },
];
