import { ACCOUNT, REGION } from '../../../storage/support/policies';

export type CloudTrailRecord = { readonly [field: string]: any };

/** A user with broad permissions, signed in normally. */
const MALLORY = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEEXAMPLEEX:mallory',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/mallory`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEEXAMPLEEX',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEEXAMPLEEX',
      arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef`,
      accountId: ACCOUNT,
      userName: 'AWSReservedSSO_AdministratorAccess_0123456789abcdef',
    },
    attributes: { creationDate: '2026-11-21T11:30:00Z', mfaAuthenticated: 'false' },
  },
};

/** The execution role from the CDK bootstrap. */
export const DEPLOYMENT_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;

/** CloudFormation, with that role. */
const DEPLOYMENT = {
  ...MALLORY,
  sessionContext: { ...MALLORY.sessionContext, sessionIssuer: { ...MALLORY.sessionContext.sessionIssuer, arn: DEPLOYMENT_ROLE_ARN } },
  principalId: 'AROAEXAMPLEEXAMPLEDE:AWSCloudFormation',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}/AWSCloudFormation`,
  invokedBy: 'cloudformation.amazonaws.com',
};

export const ROOT = {
  type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT, accessKeyId: '',
  sessionContext: { attributes: { creationDate: '2026-11-21T11:30:00Z', mfaAuthenticated: 'true' } },
};

/** A management event that changes something, as CloudTrail records it. */
export function change(
  service: string, eventName: string, requestParameters: object | null, additional: object = {},
): CloudTrailRecord {
  return {
    eventVersion: '1.11',
    userIdentity: MALLORY,
    eventTime: '2026-11-21T12:00:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: service === 'iam' ? 'us-east-1' : REGION,
    sourceIPAddress: '203.0.113.5',
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.13.7',
    requestParameters,
    responseElements: null,
    requestID: '6f1d1f0e-7a1c-4a57-8f0a-111111111111',
    eventID: '0c6d4d39-4b8e-4a57-9d5f-222222222222',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: `${service}.${REGION}.amazonaws.com` },
    ...additional,
  };
}

/** The same as an S3 data event. */
export function objectChange(eventName: string, bucketName: string, parameters: object = {}): CloudTrailRecord {
  const key = 'models/fraud/blobs/sha256/ab';
  return change('s3', eventName, { bucketName, key, Host: `${bucketName}.s3.${REGION}.amazonaws.com`, ...parameters }, {
    managementEvent: false,
    eventCategory: 'Data',
    additionalEventData: { SignatureVersion: 'SigV4', AuthenticationMethod: 'AuthHeader', bytesTransferredIn: 0, bytesTransferredOut: 0 },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${key}` },
      { type: 'AWS::S3::Bucket', accountId: ACCOUNT, ARN: `arn:aws:s3:::${bucketName}` },
    ],
  });
}

/** A read of an object, as an S3 data event. */
export function objectRead(eventName: string, bucketName: string, key: string): CloudTrailRecord {
  const { resources: [, bucket], ...record } = objectChange(eventName, bucketName, { key });
  return { ...record, readOnly: true, resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${key}` }, bucket] };
}

/** The same call, whose parameters CloudTrail omitted because they were too large. */
export function withOmittedParameters(record: CloudTrailRecord, omitted: boolean | string = true): CloudTrailRecord {
  return { ...record, requestParameters: { omitted, originalSize: 140_233, reason: 'requestParameters too large' } };
}

/** The same call, made by CloudFormation. */
export function byDeployment(record: CloudTrailRecord): CloudTrailRecord {
  return {
    ...record, userIdentity: DEPLOYMENT, sourceIPAddress: 'cloudformation.amazonaws.com', userAgent: 'cloudformation.amazonaws.com',
  };
}

/** The same call, denied. */
export function refused(record: CloudTrailRecord): CloudTrailRecord {
  return {
    ...record, errorCode: 'AccessDenied', errorMessage: `User: ${record.userIdentity.arn} is not authorized to perform this action`,
  };
}

/** The same call, with different fields. */
export function but(record: CloudTrailRecord, changes: object): CloudTrailRecord {
  return { ...record, ...changes };
}

/** The EventBridge event for a record. */
export function envelope(record: CloudTrailRecord): object {
  return {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-333333333333',
    'detail-type': record.eventType === 'AwsConsoleSignIn' ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail',
    source: `aws.${record.eventSource.split('.')[0]}`,
    account: ACCOUNT,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  };
}
