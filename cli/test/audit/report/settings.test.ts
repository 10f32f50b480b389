import { answer, reportOf } from './answers';
import { auditSetting } from '../../../../src/contract/audit-settings';
import { inWords, settingsSection } from '../../../src/audit/report/settings-section';

const text = (name: string, value: string | number | null) => inWords(auditSetting(name), value).text;

test.each([
  ['bulk_egress_bytes', 10_737_418_240, '10 GiB'], ['median_floor_bytes', 1_610_612_736, '1.50 GiB'],
  ['link_seconds', 3_600, '1 hour'], ['link_seconds', 604_800, '7 days'], ['link_seconds', 5_400, '90 minutes'], ['link_seconds', 45, '45 seconds'],
  ['median_factor', 5, '5 times'], ['many_new_models', 8, '8 models'], ['business_start_hour', 7, '07:00'],
  ['business_days', '12345', 'Monday, Tuesday, Wednesday, Thursday, Friday'], ['business_days', '', 'none'],
  ['utc_offset_minutes', 0, 'UTC+00:00'], ['utc_offset_minutes', -210, 'UTC-03:30'],
  ['artifact_bucket', 'models', 'models'], ['artifact_bucket', null, '<span class="none">not set</span>'],
])('%s = %j is shown as %j', (name, value, shown) => {
  expect(text(name, value)).toBe(shown);
});

test('a list is shown as a list, also of networks', () => {
  expect(text('log_buckets', 'one,other')).toBe('<ul class="values"><li>one</li><li>other</li></ul>');
  const report = reportOf({ answers: { 'direct-reads': answer() }, settings: { perimeter_networks: ['10.0.0.0/8', '2001:db8::/32'] } });
  expect(settingsSection(report).text).toContain('<li>10.0.0.0/8</li><li>2001:db8::/32</li>');
  expect(settingsSection(report).text).not.toMatch(/\d{7}/);
});
