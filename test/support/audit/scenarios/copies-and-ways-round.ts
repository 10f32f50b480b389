import { AGENT, call, CROWN_JEWEL, directRead, GIB, MINUTE, OUTSIDE, roleArn, type Scenario } from './scenario';
import { blobKey } from '../../../../src/contract/keys';
import { accessLogLine } from '../access-log-line';
import type { MonthOfEvidence } from '../month-of-evidence';
import { type ObjectRequest, STORE } from '../trail-record';

const JEWEL_KEY = blobKey(CROWN_JEWEL.name, CROWN_JEWEL.files[0].digest);

function copy(
  month: MonthOfEvidence, sessionName: string, time: number, action: string, more: ObjectRequest['requestParameters'] = {},
): void {
  const request: ObjectRequest = {
    ...month.ids(), time, action, session: month.session('DataPlatform', sessionName, time - MINUTE), sourceIp: '10.20.1.9', userAgent: AGENT.cli,
    bucket: 'backup-of-a-friend', key: 'weights.bin', bytesOut: 240, requestParameters: { 'x-amz-copy-source': `${STORE.bucket}/${encodeURIComponent(JEWEL_KEY)}`, ...more },
  };
  month.add(request, 'trail');
  month.accessLog.push(accessLogLine({ ...request, key: JEWEL_KEY, bytesOut: 0, objectSize: CROWN_JEWEL.files[0].size }, STORE));
}

/** Without a link of the store: copies, direct reads, borrowed sessions, side doors. */
export const COPIES_AND_WAYS_ROUND: readonly Scenario[] = [
  {
    name: 'CopyObject into a bucket of another account',
    question: 'copies-to-other-buckets',
    principal: 'DataPlatform=grace',
    model: CROWN_JEWEL.name,
    plant: (month) => copy(month, 'grace', month.at(6, 11), 'CopyObject'),
  },
  {
    name: 'UploadPartCopy into a bucket of another account, in ranges',
    question: 'copies-to-other-buckets',
    principal: 'DataPlatform=hedy',
    model: CROWN_JEWEL.name,
    plant: (month) => [0, 1, 2, 3].forEach((part) => copy(month, 'hedy', month.at(6, 12, part), 'UploadPartCopy', {
      'x-amz-copy-source-range': `bytes=${part * 5 * GIB}-${(part + 1) * 5 * GIB - 1}`, partNumber: `${part + 1}`,
    })),
  },
  {
    name: 'a replication rule to a bucket of another account',
    question: 'replication-changes',
    principal: 'CloudAdmin=ivan',
    plant: (month) => call(month, 'CloudAdmin=ivan', month.at(9, 19), {
      service: 's3', action: 'PutBucketReplication',
      parameters: { bucketName: STORE.bucket, ReplicationConfiguration: { Rule: { Destination: { Bucket: 'arn:aws:s3:::backup-of-a-friend' } } } },
    }),
  },
  {
    name: 'an auditor reads a model',
    question: 'auditor-model-reads',
    principal: 'models-AuditorRole=auditor-ruth',
    model: CROWN_JEWEL.name,
    plant: (month) => directRead(month, 'models-AuditorRole', 'auditor-ruth', month.at(13, 17), { key: JEWEL_KEY, bytesOut: 900_000_000, sourceIp: '10.50.0.7' }),
  },
  {
    name: 'a data scientist reads from S3 without the API',
    question: 'direct-reads',
    principal: 'Scientist=joan',
    plant: (month) => directRead(month, 'Scientist', 'joan', month.at(16, 15)),
  },
  {
    name: 'SelectObjectContent instead of GetObject',
    question: 'direct-reads',
    principal: 'Scientist=vint',
    plant: (month) => directRead(month, 'Scientist', 'vint', month.at(16, 16), { action: 'SelectObjectContent' }),
  },
  {
    name: 'role chaining: a person assumes the role of a batch job',
    question: 'unexpected-role-assumption',
    principal: 'Scientist=margaret',
    // The source identity outlives the chain.
    alsoNamed: ['margaret'],
    plant: (month) => {
      const time = month.at(17, 14);
      const session = month.session('SageMakerTraining0', 'SageMaker', time, 'margaret');
      call(month, 'Scientist=margaret', time, {
        service: 'sts', action: 'AssumeRole', readOnly: true, parameters: { roleArn: roleArn('SageMakerTraining0'), roleSessionName: 'SageMaker' },
        response: { credentials: { accessKeyId: session.accessKeyId } },
      });
      directRead(month, 'SageMakerTraining0', 'SageMaker', time + MINUTE, { session, vpcEndpoint: STORE.vpcEndpoint });
    },
  },
  {
    name: 'a session of a store role whose name identifies no one',
    question: 'unnamed-sessions',
    principal: 'Scientist=nina',
    alsoNamed: ['Research=aws-sdk-js-1795855669439'],
    plant: (month) => {
      const time = month.at(17, 11);
      call(month, 'Scientist=nina', time, {
        service: 'sts', action: 'AssumeRole', readOnly: true, parameters: { roleArn: roleArn('Research'), roleSessionName: 'aws-sdk-js-1795855669439' },
        response: { credentials: { accessKeyId: 'ASIAUNNAMED' } },
      });
      const session = month.session('models-DownloadSessionRole', 'Research=aws-sdk-js-1795855669439', time + MINUTE, 'Research=aws-sdk-js-1795855669439');
      directRead(month, '', '', time + 2 * MINUTE, { session, link: { signedAt: time + MINUTE, lifetimeSeconds: 900 }, sourceIp: '10.50.0.7' });
    },
  },
  {
    name: 'an administrator opens a session in the name of another person',
    question: 'unexpected-role-assumption',
    principal: 'CloudAdmin=oscar',
    alsoNamed: ['niklaus'],
    plant: (month) => {
      const time = month.at(18, 14);
      const session = month.session('models-DownloadSessionRole', 'niklaus', time, 'niklaus');
      call(month, 'CloudAdmin=oscar', time - MINUTE, { service: 'iam', action: 'UpdateAssumeRolePolicy', parameters: { roleName: 'models-DownloadSessionRole' } });
      call(month, 'CloudAdmin=oscar', time, {
        service: 'sts', action: 'AssumeRole', readOnly: true, parameters: { roleArn: roleArn('models-DownloadSessionRole'), roleSessionName: 'niklaus' },
        response: { credentials: { accessKeyId: session.accessKeyId } },
      });
      directRead(month, '', '', time + MINUTE, { session, key: JEWEL_KEY, link: { signedAt: time + 1_000, lifetimeSeconds: 900 } });
    },
  },
  {
    name: 'a key policy that allows another account',
    question: 'protection-changes',
    principal: 'CloudAdmin=tim',
    plant: (month) => {
      call(month, 'CloudAdmin=tim', month.at(20, 18), { service: 's3', action: 'PutBucketPolicy', parameters: { bucketName: STORE.bucket } });
      call(month, 'CloudAdmin=tim', month.at(20, 18, 1), { service: 'kms', action: 'PutKeyPolicy', parameters: { keyId: STORE.encryptionKeyArn } });
    },
  },
  {
    name: 'a read by another account',
    question: 'direct-reads',
    principal: 'AROAFOREIGNEXAMPLE:batch',
    plant: (month) => directRead(month, '', 'batch', month.at(20, 18, 30), {
      identity: { type: 'AWSAccount', principalId: 'AROAFOREIGNEXAMPLE:batch', accountId: '999999999999' }, key: JEWEL_KEY, sourceIp: OUTSIDE.cloud,
    }),
  },
  {
    name: 'an anonymous read of a bucket that was made public',
    question: 'direct-reads',
    principal: 'ANONYMOUS_PRINCIPAL',
    plant: (month) => directRead(month, '', 'nobody', month.at(21, 4), {
      identity: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }, key: JEWEL_KEY, sourceIp: OUTSIDE.tor,
    }),
  },
  {
    name: 'a read through an access point',
    question: 'direct-reads',
    principal: 'Scientist=yukihiro',
    plant: (month) => {
      call(month, 'Scientist=yukihiro', month.at(23, 12), { service: 's3', action: 'CreateAccessPoint', parameters: { name: 'side-door', bucket: STORE.bucket } });
      const request = directRead(month, 'Scientist', 'yukihiro', month.at(23, 13), { bucket: `arn:aws:s3:${STORE.region}:${STORE.account}:accesspoint/side-door` });
      month.accessLog.push(accessLogLine({ ...request, bucket: STORE.bucket }, STORE));
    },
  },
];
