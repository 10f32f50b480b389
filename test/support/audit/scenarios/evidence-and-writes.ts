import { call, CROWN_JEWEL, directRead, MINUTE, type Scenario, sessionArn } from './scenario';
import { blobKey, manifestKey } from '../../../../src/contract/keys';
import { LOG_BUCKETS, type MonthOfEvidence, WATCHED, WATCHED_PREFIX } from '../month-of-evidence';
import { type ObjectRequest, STORE } from '../trail-record';

/** Reads that the trail knows nothing of, because it was narrowed, stopped, or robbed of its records. */
function unseenReads(month: MonthOfEvidence, name: string, time: number, count: number): void {
  const person = month.person(name);
  const session = month.session('models-DownloadSessionRole', name, time, name);
  for (let index = 0; index < count; index++) {
    month.add({
      ...month.ids(), session, time: time + index * MINUTE, action: 'GetObject', sourceIp: person.sourceIps[0], userAgent: person.userAgent, bytesOut: 512 * 1024 * 1024,
      key: blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest), link: { signedAt: time, lifetimeSeconds: 900 },
    }, 'access logs');
  }
}

/** A small download of an ordinary model by a session of the store. */
function smallRead(month: MonthOfEvidence, name: string, time: number): ObjectRequest {
  const person = month.person(name);
  const { name: model, files: [file] } = month.work.models[0];
  return {
    ...month.ids(), session: month.session('models-DownloadSessionRole', name, time, name), time, action: 'GetObject',
    sourceIp: person.sourceIps[0], userAgent: person.userAgent, bytesOut: 2_000_000, key: blobKey(model, file.digest),
    link: { signedAt: time, lifetimeSeconds: 900 },
  };
}

const readerOf = (name: string) => sessionArn('models-DownloadSessionRole', name);

function write(month: MonthOfEvidence, request: Partial<ObjectRequest> & Pick<ObjectRequest, 'session' | 'time'>): void {
  month.add({
    ...month.ids(), action: 'PutObject', sourceIp: '10.20.2.2', userAgent: 'Boto3/1.40.1', bytesOut: 0, bytesIn: 2_000, ...request,
  });
}

/** Evidence that is made away with, and models that are not what they seem. */
export const EVIDENCE_AND_WRITES: readonly Scenario[] = [
  {
    name: 'the trail records fewer events',
    question: 'protection-changes',
    principal: 'CloudAdmin=katherine',
    plant: (month) => call(month, 'CloudAdmin=katherine', month.at(11, 21), {
      service: 'cloudtrail', action: 'PutEventSelectors', parameters: { trailName: WATCHED.trail, advancedEventSelectors: [] },
    }),
  },
  {
    name: 'a model is read after that',
    question: 'reconciliation',
    principal: readerOf('katherine'),
    model: CROWN_JEWEL.name,
    plant: (month) => unseenReads(month, 'katherine', month.at(11, 21, 5), 6),
  },
  {
    name: 'an alarm is disabled',
    question: 'protection-changes',
    principal: 'CloudAdmin=grace',
    plant: (month) => call(month, 'CloudAdmin=grace', month.at(14, 22), {
      service: 'monitoring', action: 'DisableAlarmActions', parameters: { alarmNames: [`${WATCHED_PREFIX}EgressByPerson-1A2B3C4D`] },
    }),
  },
  {
    name: 'an audit view is changed to hide one person',
    question: 'protection-changes',
    principal: 'CloudAdmin=linus',
    plant: (month) => call(month, 'CloudAdmin=linus', month.at(15, 22), {
      service: 'glue', action: 'UpdateTable', parameters: { databaseName: WATCHED.database, tableInput: { name: 'egress_events' } },
    }),
  },
  {
    name: 'the trail is stopped and started again',
    question: 'protection-changes',
    principal: 'CloudAdmin=zoe',
    plant: (month) => {
      const name = `arn:aws:cloudtrail:${STORE.region}:${STORE.account}:trail/${WATCHED.trail}`;
      call(month, 'CloudAdmin=zoe', month.at(26, 3), { service: 'cloudtrail', action: 'StopLogging', parameters: { name } });
      unseenReads(month, 'zoe', month.at(26, 3, 2), 3);
      call(month, 'CloudAdmin=zoe', month.at(26, 3, 30), { service: 'cloudtrail', action: 'StartLogging', parameters: { name } });
    },
    alsoNamed: [readerOf('zoe')],
  },
  {
    name: 'records removed from the trail',
    question: 'reconciliation',
    principal: readerOf('linus'),
    model: CROWN_JEWEL.name,
    plant: (month) => unseenReads(month, 'linus', month.at(27, 15), 4),
  },
  {
    name: 'a record with fewer bytes than were sent',
    question: 'contradicting-logs',
    principal: 'tim',
    plant: (month) => {
      const read = smallRead(month, 'tim', month.at(17, 11));
      month.add({ ...read, bytesOut: 2_000 }, 'trail');
      month.add(read, 'access logs');
    },
  },
  {
    name: 'a copy of a record under another name',
    question: 'conflicting-records',
    principal: 'vint',
    plant: (month) => {
      const read = smallRead(month, 'vint', month.at(18, 11));
      month.add(read);
      month.add({ ...read, session: month.session('models-DownloadSessionRole', 'yann', read.time, 'yann') }, 'trail');
    },
    alsoNamed: ['yann'],
  },
  {
    name: 'a version deleted before its retention ends',
    question: 'deletions',
    principal: 'CloudAdmin=radia',
    model: CROWN_JEWEL.name,
    plant: (month) => directRead(month, 'CloudAdmin', 'radia', month.at(14, 22), {
      action: 'DeleteObject', bytesOut: 0, key: blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest),
      requestParameters: { versionId: 'x', 'x-amz-bypass-governance-retention': 'true' },
    }),
  },
  {
    name: 'logs that expire tomorrow',
    question: 'deletions',
    principal: 'CloudAdmin=sergey',
    plant: (month) => call(month, 'CloudAdmin=sergey', month.at(14, 23), { service: 's3', action: 'PutBucketLifecycle', parameters: { bucketName: LOG_BUCKETS.trail } }),
  },
  {
    name: 'a version published without the store',
    question: 'direct-writes',
    principal: 'CloudAdmin=wanda',
    model: 'fraud-detector',
    plant: (month) => write(month, { session: month.session('CloudAdmin', 'wanda', month.at(12, 9)), time: month.at(12, 9), key: manifestKey('fraud-detector', '6.6.6') }),
  },
  {
    name: 'a version published in another person\'s name, without a signature',
    question: 'unsigned-versions',
    principal: 'xiu',
    model: 'fraud-detector',
    plant: (month) => write(month, {
      session: month.session('models-UploadSessionRole', 'xiu', month.at(13, 9), 'xiu'), time: month.at(13, 9), key: manifestKey('fraud-detector', '6.6.7'),
    }),
  },
];
