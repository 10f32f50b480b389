import { managementRecord } from './management-record';
import { exchange } from '../../support/exchange';

const CIRCUMSTANCES = { identity: { type: 'Root' as const }, requestId: 'r', account: '111122223333', region: 'us-east-1' };
const recorded = (service: string, different: Parameters<typeof exchange>[0]) => managementRecord(exchange({ method: 'POST', url: '/', ...different }), service, CIRCUMSTANCES);
const target = (name: string, body: object) => ({ requestHeaders: { 'x-amz-target': name }, requestText: JSON.stringify(body) });

describe('A management event of the local trail', () => {
  test.each([
    ['kms', target('TrentService.DisableKey', { KeyId: 'key-1' }), 'DisableKey', { keyId: 'key-1' }],
    ['cloudtrail', target('com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.StopLogging', { Name: 'models' }), 'StopLogging', { name: 'models' }],
    ['logs', target('Logs_20140328.DeleteLogGroup', { logGroupName: '/trail' }), 'DeleteLogGroup', { logGroupName: '/trail' }],
    ['events', target('AWSEvents.DisableRule', { Name: 'tamper' }), 'DisableRule', { name: 'tamper' }],
    ['iam', { requestText: 'Action=PutRolePolicy&Version=2010-05-08&RoleName=session&PolicyDocument=%7B%7D' }, 'PutRolePolicy', { roleName: 'session' }],
    ['lambda', { method: 'PUT', url: '/2015-03-31/functions/download/configuration' }, 'UpdateFunctionConfiguration20150331v2', { functionName: 'download' }],
    ['monitoring', { url: '/service/GraniteServiceVersion20100801/operation/DeleteAlarms' }, 'DeleteAlarms', null],
  ])('of %s has the event name that CloudTrail uses', (service, different, eventName, requestParameters) => {
    expect(recorded(service, different)).toMatchObject({
      eventSource: `${service}.amazonaws.com`, eventName, requestParameters, readOnly: false, eventCategory: 'Management', managementEvent: true,
    });
  });

  test.each([
    ['kms', target('TrentService.Sign', { KeyId: 'key-1', Message: 'c2VjcmV0' })],
    ['iam', { requestText: 'Action=ListRoles' }],
  ])('of %s that changes nothing is marked as read-only', (service, different) => {
    expect(recorded(service, different)).toMatchObject({ readOnly: true });
  });

  test('contains the names of its resources, but no settings, which could be secret', () => {
    const record = recorded('iam', { requestText: 'Action=CreateLoginProfile&UserName=eve&Password=a-secret' });

    expect(record?.requestParameters).toEqual({ userName: 'eve' });
    expect(JSON.stringify(record)).not.toContain('a-secret');
  });

  test('of a denied request contains the error code', () => {
    const refused = { status: 400, responseText: '{"__type":"com.amazonaws.kms#NotFoundException","message":"Key \'key-1\' does not exist"}' };

    expect(recorded('kms', { ...target('TrentService.DisableKey', { KeyId: 'key-1' }), ...refused }))
      .toMatchObject({ errorCode: 'NotFoundException', errorMessage: 'Key \'key-1\' does not exist' });
  });

  test('is recorded only for services that protect a store', () => {
    expect(recorded('ssm', target('AmazonSSM.PutParameter', { Name: 'n', Value: 'v' }))).toBeUndefined();
    expect(recorded('lambda', { method: 'GET', url: '/2015-03-31/functions/' })).toBeUndefined();
  });
});
