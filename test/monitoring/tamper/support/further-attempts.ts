import type { Attempt, WatchedNames } from './attempt';
import { byDeployment, but, change, objectChange, objectRead, refused, withOmittedParameters } from './records';

/** Attempts on the account or its organization. */
export function accountAttempts({ region, account }: WatchedNames): Attempt[] {
  const organizations = (eventName: string, parameters: object | null) =>
    but(change('organizations', eventName, parameters), { awsRegion: 'us-east-1' });
  const store = `arn:aws:cloudtrail:${region}:${account}:eventdatastore/a`;
  return [
    ['the account leaves its organization', organizations('LeaveOrganization', null), 'Organization'],
    ['leaving the organization is refused', refused(organizations('LeaveOrganization', null)), 'Organization'],
    ['a service control policy is changed', organizations('UpdatePolicy', { policyId: 'p-a', content: '{}' }), 'Organization'],
    ['an administrator of the organization is removed', organizations('DeregisterDelegatedAdministrator', { accountId: '999999999999' }), 'Organization'],
    ['the organization is looked at', but(organizations('DescribeOrganization', null), { readOnly: true })],
    ['an account is created', organizations('CreateAccount', { accountName: 'a' })],
    ['another administrator of trails is appointed', change('cloudtrail', 'DeregisterOrganizationDelegatedAdmin', { delegatedAdminAccountId: account }), 'TrailAccess'],
    ['somebody may read the events', change('cloudtrail', 'PutResourcePolicy', { resourceArn: store }), 'TrailAccess'],
    ['nobody may read the events', change('cloudtrail', 'DeleteResourcePolicy', { resourceArn: store }), 'TrailAccess'],
    ['an access point is created', change('s3', 'CreateAccessPoint', { name: 'side-door', bucket: 'a' }), 'BucketAccess'],
    ['an access point transforms objects', change('s3', 'PutAccessPointPolicyForObjectLambda', { name: 'a' }), 'BucketAccess'],
    ['an access point of several Regions is created', change('s3', 'CreateMultiRegionAccessPoint', { CreateMultiRegionAccessPointRequest: {} }), 'BucketAccess'],
    ['the account may be public', change('s3', 'DeleteAccountPublicAccessBlock', {}), 'BucketAccess'],
    ['an access point is deleted', change('s3', 'DeleteAccessPoint', { name: 'a' })],
  ];
}

/** Attempts whose records do not name the resource: CloudTrail omits parameters of more than 100 KB. */
export function largeRequests(names: WatchedNames): Attempt[] {
  const calls: [string, string][] = [
    ['iam', 'PutRolePolicy'], ['iam', 'UpdateAssumeRolePolicy'], ['iam', 'CreatePolicyVersion'], ['s3', 'PutBucketPolicy'], ['s3', 'PutBucketReplication'],
    ['s3', 'PutBucketLifecycle'], ['kms', 'PutKeyPolicy'], ['cloudtrail', 'PutEventSelectors'], ['logs', 'PutSubscriptionFilter'], ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    ['lambda', 'AddPermission20150331v2'], ['apigateway', 'PutRestApi'], ['cognito-idp', 'UpdateUserPool'], ['monitoring', 'DeleteAlarms'], ['monitoring', 'PutInsightRule'],
    ['events', 'PutRule'], ['sns', 'SetTopicAttributes'], ['glue', 'UpdateTable'], ['athena', 'UpdateNamedQuery'], ['ssm', 'DeleteParameters'],
  ];
  const watched = calls.filter(([service]) => !((names.userPool === undefined && service === 'cognito-idp') || (names.namedQuery === undefined && service === 'athena')));
  const large = (service: string, eventName: string, omitted?: boolean | string) => withOmittedParameters(change(service, eventName, {}), omitted);
  return [
    ...watched.map(([service, eventName]): Attempt => [`${eventName} of ${service} with omitted parameters`, large(service, eventName), 'LargeRequests']),
    ...watched.map(([service, eventName]): Attempt => [`${eventName} of ${service} with parameters omitted as text`, large(service, eventName, 'true'), 'LargeRequests']),
    ['a large request is refused', refused(large('iam', 'PutRolePolicy')), 'LargeRequests'],
    ['a large request starts the trail', large('cloudtrail', 'StartLogging')],
    ['a large request creates a key', large('kms', 'CreateKey')],
    ['a large request writes to another service', large('states', 'CreateStateMachine')],
    ['a large request reads', but(large('iam', 'SimulateCustomPolicy'), { readOnly: true })],
    ['a deployment makes a large request', byDeployment(large('iam', 'PutRolePolicy'))],
  ];
}

/** Attempts to read a model that no one has a reason to read. */
export function canaryAttempts({ artifactBucket: bucketName, canaryModel }: WatchedNames): Attempt[] {
  if (canaryModel === undefined) {
    return [];
  }
  const read = (eventName: string, key = `models/${canaryModel}/versions/1.0/manifest.json`, bucket = bucketName) => objectRead(eventName, bucket, key);
  const file = `models/${canaryModel}/blobs/sha256/ab`;
  const ofCopy = objectChange('CopyObject', 'mallorys', { key: 'a', 'x-amz-copy-source': `${bucketName}/${file}` });
  return [
    ['the manifest of a canary is read', read('GetObject'), 'Canaries'],
    ['a file of a canary is read', read('GetObject', file), 'Canaries'],
    ['a file of a canary is asked for', read('HeadObject', file), 'Canaries'],
    ['reading a canary is refused', refused(read('GetObject')), 'Canaries'],
    ['a canary that does not exist is read', but(read('GetObject'), { errorCode: 'NoSuchKey' }), 'Canaries'],
    ['a deployment reads a canary', byDeployment(read('GetObject')), 'Canaries'],
    ['a canary is copied', but(ofCopy, { resources: [...ofCopy.resources, { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${file}` }] }), 'Canaries'],
    ['a canary is read through an access point', but(read('GetObject', file), { requestParameters: { bucketName: 'arn:aws:s3:eu-central-1:1:accesspoint/a', key: file } }), 'Canaries'],
    ['a canary is published', objectChange('PutObject', bucketName, { key: file })],
    ['a model with a similar name is read', read('GetObject', `models/${canaryModel}0/versions/1.0/manifest.json`)],
    ['a model of that name is read in another bucket', read('GetObject', file, `${bucketName}-2`)],
  ];
}
