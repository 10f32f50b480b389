import type { IncomingHttpHeaders } from 'node:http';
import { headerOf, pathOf, queryOf } from './exchange';

/** The S3 operation of a request, as named by CloudTrail and the server access log. */
export interface S3Operation {
  /** `eventName` of CloudTrail. */
  readonly eventName: string;
  /** `Operation` of the server access log. */
  readonly logOperation: string;
  readonly bucket: string;
  readonly key?: string;
  /** Whether CloudTrail records it as a data event, as for objects and their lists, or as a management event. */
  readonly isDataEvent: boolean;
  readonly readOnly: boolean;
  /** The source of a copy. */
  readonly copySource?: CopySource;
}

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

type Name = readonly [eventName: string, logOperation: string];

/** By method, and by the parameter that selects the subresource; the first that is present counts. */
const OBJECT: Readonly<Record<string, Readonly<Record<string, Name>>>> = {
  GET: {
    uploadId: ['ListParts', 'REST.GET.UPLOAD'],
    tagging: ['GetObjectTagging', 'REST.GET.OBJECT_TAGGING'],
    acl: ['GetObjectAcl', 'REST.GET.ACL'],
    attributes: ['GetObjectAttributes', 'REST.GET.OBJECT_ATTRIBUTES'],
    retention: ['GetObjectRetention', 'REST.GET.OBJECT_LOCK_RETENTION'],
    'legal-hold': ['GetObjectLegalHold', 'REST.GET.OBJECT_LOCK_LEGALHOLD'],
    '': ['GetObject', 'REST.GET.OBJECT'],
  },
  HEAD: { '': ['HeadObject', 'REST.HEAD.OBJECT'] },
  PUT: {
    partNumber: ['UploadPart', 'REST.PUT.PART'],
    tagging: ['PutObjectTagging', 'REST.PUT.OBJECT_TAGGING'],
    acl: ['PutObjectAcl', 'REST.PUT.ACL'],
    retention: ['PutObjectRetention', 'REST.PUT.OBJECT_LOCK_RETENTION'],
    'legal-hold': ['PutObjectLegalHold', 'REST.PUT.OBJECT_LOCK_LEGALHOLD'],
    '': ['PutObject', 'REST.PUT.OBJECT'],
  },
  POST: {
    uploads: ['CreateMultipartUpload', 'REST.POST.UPLOADS'],
    uploadId: ['CompleteMultipartUpload', 'REST.POST.UPLOAD'],
    restore: ['RestoreObject', 'REST.POST.RESTORE'],
    select: ['SelectObjectContent', 'REST.POST.OBJECT_SELECT'],
    '': ['PostObject', 'REST.POST.OBJECT'],
  },
  DELETE: {
    uploadId: ['AbortMultipartUpload', 'REST.DELETE.UPLOAD'],
    tagging: ['DeleteObjectTagging', 'REST.DELETE.OBJECT_TAGGING'],
    '': ['DeleteObject', 'REST.DELETE.OBJECT'],
  },
};

/** The same for the bucket operations that are data events in CloudTrail. */
const BUCKET_DATA: Readonly<Record<string, Readonly<Record<string, Name>>>> = {
  GET: {
    uploads: ['ListMultipartUploads', 'REST.GET.UPLOADS'],
    versions: ['ListObjectVersions', 'REST.GET.BUCKETVERSIONS'],
  },
  HEAD: { '': ['HeadBucket', 'REST.HEAD.BUCKET'] },
  POST: { delete: ['DeleteObjects', 'REST.POST.MULTI_OBJECT_DELETE'], '': ['PostObject', 'REST.POST.BUCKET'] },
};

/** Settings of a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
const BUCKET_SETTINGS: Readonly<Record<string, Name>> = {
  policy: ['BucketPolicy', 'BUCKETPOLICY'],
  acl: ['BucketAcl', 'ACL'],
  versioning: ['BucketVersioning', 'VERSIONING'],
  lifecycle: ['BucketLifecycle', 'LIFECYCLE'],
  encryption: ['BucketEncryption', 'ENCRYPTION'],
  logging: ['BucketLogging', 'LOGGING_STATUS'],
  notification: ['BucketNotification', 'NOTIFICATION'],
  publicAccessBlock: ['BucketPublicAccessBlock', 'PUBLIC_ACCESS_BLOCK'],
  'object-lock': ['BucketObjectLockConfiguration', 'OBJECT_LOCK_CONFIGURATION'],
  replication: ['BucketReplication', 'REPLICATION'],
  ownershipControls: ['BucketOwnershipControls', 'OWNERSHIP_CONTROLS'],
  tagging: ['BucketTagging', 'TAGGING'],
  location: ['BucketLocation', 'LOCATION'],
};

const VERBS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };
const READS = ['GET', 'HEAD'];

/** The S3 operation of the request; undefined if it names no bucket or is not an S3 operation. */
export function s3OperationOf(method: string, url: string, headers: IncomingHttpHeaders): S3Operation | undefined {
  const { bucket, key } = objectOf(url, headerOf(headers, 'host') ?? '');
  if (bucket === '') {
    return undefined;
  }
  const query = queryOf(url);
  const readOnly = READS.includes(method) || query.has('select');
  if (key === undefined) {
    const named = namedIn(BUCKET_DATA[method], query);
    const setting = Object.keys(BUCKET_SETTINGS).find((name) => query.has(name));
    if (setting !== undefined && VERBS[method] !== undefined) {
      const [noun, logNoun] = BUCKET_SETTINGS[setting];
      return { eventName: VERBS[method] + noun, logOperation: `REST.${method}.${logNoun}`, bucket, isDataEvent: false, readOnly };
    }
    if (named !== undefined) {
      return { eventName: named[0], logOperation: named[1], bucket, isDataEvent: true, readOnly };
    }
    switch (method) {
      case 'GET': return { eventName: 'ListObjects', logOperation: 'REST.GET.BUCKET', bucket, isDataEvent: true, readOnly };
      case 'PUT': return { eventName: 'CreateBucket', logOperation: 'REST.PUT.BUCKET', bucket, isDataEvent: false, readOnly };
      case 'DELETE': return { eventName: 'DeleteBucket', logOperation: 'REST.DELETE.BUCKET', bucket, isDataEvent: false, readOnly };
      default: return undefined;
    }
  }
  const copySource = copySourceOf(headerOf(headers, 'x-amz-copy-source') ?? query.get('x-amz-copy-source') ?? undefined);
  if (method === 'PUT' && copySource !== undefined) {
    const [eventName, logOperation] = query.has('partNumber') ? ['UploadPartCopy', 'REST.COPY.PART'] : ['CopyObject', 'REST.COPY.OBJECT'];
    return { eventName, logOperation, bucket, key, isDataEvent: true, readOnly, copySource };
  }
  const name = namedIn(OBJECT[method], query);
  return name && { eventName: name[0], logOperation: name[1], bucket, key, isDataEvent: true, readOnly };
}

function namedIn(names: Readonly<Record<string, Name>> | undefined, query: URLSearchParams): Name | undefined {
  const selected = Object.keys(names ?? {}).find((name) => name !== '' && query.has(name));
  return names?.[selected ?? ''];
}

/** By path, as the local AWS is called, or by host name. */
function objectOf(url: string, host: string): { bucket: string; key?: string } {
  const [first, ...rest] = pathOf(url).replace(/^\//, '').split('/');
  const byHost = /^(.+)\.s3[.-]/.exec(host);
  const segments = byHost ? [first, ...rest] : rest;
  const key = segments.map(decoded).join('/');
  return { bucket: byHost ? byHost[1] : decoded(first), ...(key === '' ? {} : { key }) };
}

function copySourceOf(header: string | undefined): CopySource | undefined {
  const match = /^\/?([^/]+)\/([^?]+)(?:\?versionId=([^&]+))?/.exec(header ?? '');
  return match ? { bucket: match[1], key: decoded(match[2]), ...(match[3] === undefined ? {} : { versionId: match[3] }) } : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
