import { matchesPattern, metricValueOf } from './filter-pattern';

const event = {
  eventName: 'GetObject', errorCode: 'Client.UnauthorizedOperation', sourceIPAddress: '203.0.113.5', nothing: null, flag: true,
  numbers: [1, 2], additionalEventData: { bytesTransferredOut: 12.5, 'x-amz-id-2': 'a' }, list: [{ id: 7 }],
};
const matches = (pattern: string) => matchesPattern(pattern, JSON.stringify(event));

describe('a pattern of CloudWatch Logs', () => {
  test.each([
    '{ $.eventName = "GetObject" }',
    '{ $.eventName = GetObject }',
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    '{ $.errorCode = "*Unauth*" }',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.additionalEventData.bytesTransferredOut > 12 && $.additionalEventData.bytesTransferredOut <= 1.25e1 }',
    '{ $.additionalEventData.x-amz-id-2 = "a" }',
    '{ $.nothing IS NULL }', '{ $.flag IS TRUE }', '{ $.missing NOT EXISTS }', '{ $.missing.deeper NOT EXISTS }', '{ $.flag EXISTS }',
    '{ $.list[0].id = 7 }',
    '{ ($.eventName = "a" && $.flag IS TRUE) || $.eventName = "GetObject" }',
    '{ $.eventName = "GetObject" || $.eventName = "a" && $.eventName = "b" }',
    '{ ($.missing NOT EXISTS) || ($.missing != "a") }',
  ])('%s matches', (pattern) => {
    expect(matches(pattern)).toBe(true);
  });

  test.each([
    '{ $.eventName = "getobject" }', '{ $.eventName = "Get" }', '{ $.eventName = "G*t" }', '{ $.sourceIPAddress != 203.0.* }',
    '{ $.numbers != 1 }', '{ $.numbers = 1 }', '{ $.flag IS FALSE }', '{ $.flag NOT EXISTS }', '{ $.missing EXISTS }', '{ $.missing = "a" }',
    '{ ($.eventName = "GetObject" || $.eventName = "a") && $.eventName = "b" }',
    '{ $.additionalEventData.bytesTransferredOut > 12.5 }',
  ])('%s does not match', (pattern) => {
    expect(matches(pattern)).toBe(false);
  });

  test('matches only JSON', () => {
    expect(matchesPattern('{ $.a NOT EXISTS }', 'START RequestId')).toBe(false);
  });

  test.each(['{ $.a ~ "b" }', 'ERROR', '{ $.a = }', '{ $.a = "b" } x', '{ ($.a = "b" }', '{ $.a IS GREEN }', '{ a = "b" }', '{ $.a = "b }'])(
    '%s is rejected as invalid', (pattern) => {
      expect(() => matches(pattern)).toThrow('of a form that this reading does not know');
    });

  test('is rejected if the guide does not define its result', () => {
    expect(() => matches('{ $.missing != "a" }')).toThrow('does not say whether');
  });

  test('takes its metric value from the line or from a constant', () => {
    expect(metricValueOf('$.additionalEventData.bytesTransferredOut', JSON.stringify(event))).toBe(12.5);
    expect(metricValueOf('$.additionalEventData.missing', JSON.stringify(event))).toBeUndefined();
    expect(metricValueOf('1', JSON.stringify(event))).toBe(1);
  });
});
