import { Duration, Size } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { settingsOf } from '../../cli/src/audit/database/settings';
import { auditSettings, auditSettingsFile } from '../../src/audit/audit-settings';
import { settingsView } from '../../src/audit/settings-view';
import {
  AUDIT_SETTINGS, auditSetting, auditSettingProblem, DEFAULT_AUDIT_SETTINGS,
} from '../../src/contract/audit-settings';
import { StoreParts } from '../access/support/store';

const parts = () => {
  const { artifactBucket, logArchive } = new StoreParts();
  return { artifactBucket, logArchive };
};

describe('the settings of the queries', () => {
  test('have the same defaults in Athena and on the command line', () => {
    const { row } = settingsOf({});
    const deployed = auditSettings(parts());
    for (const { name, byDefault, asked } of AUDIT_SETTINGS) {
      if (byDefault !== undefined) {
        expect([name, row[name], deployed[name]]).toEqual([name, byDefault, byDefault]);
      } else {
        expect([name, row[name] ?? null]).toEqual([name, null]);
      }
      expect(Object.hasOwn(deployed, name)).toBe(!asked);
    }
  });

  test.each(AUDIT_SETTINGS.filter(
    ({ byDefault }) => byDefault !== undefined,
  ))('$name: the default is valid', (setting) => {
    expect(auditSettingProblem(setting, setting.byDefault)).toBeUndefined();
  });

  test.each(AUDIT_SETTINGS.filter(
    ({ form }) => form === 'whole number',
  ))('$name: the limits are valid, and values beyond them are not', (setting) => {
    expect([setting.from, setting.to].map((value) => auditSettingProblem(setting, value))).toEqual([
      undefined, undefined,
    ]);
    expect(
      [setting.from! - 1, setting.to! + 1, setting.from! + 0.5].map((value) => auditSettingProblem(setting, value)),
    )
      .toEqual(Array(3).fill(`must be a whole number from ${setting.from} to ${setting.to}`));
  });

  test('factors must be greater than one', () => {
    const factor = auditSetting('median_factor');
    expect(auditSettingProblem(factor, 1)).toBe('must be a number above 1');
    expect(auditSettingProblem(factor, 1.01)).toBeUndefined();
    expect(auditSettingProblem(factor, Infinity)).toBe('must be a number above 1');
  });

  test('have the given values, and ARNs for roles', () => {
    const store = new StoreParts();
    const role = (name: string) => iam.Role.fromRoleArn(store, name, `arn:aws:iam::111122223333:role/${name}`);
    const settings = auditSettings({
      ...parts(),
      sessionRoles: [role('Session')], auditorRoles: [role('Auditor')], functionRoles: [role('Function')],
      directRoles: [role('Job'), role('Other')],
      deploymentRoles: [role('Deployment')], watchedResources: ['models-trail', 'key-id'], watchedPrefix: 'Models-',
      thresholds: { medianFloorObjects: 7, weekFactor: 4, manyNewModels: 9, presignedUrlLifetime: Duration.minutes(15) },
    });
    expect(settings).toMatchObject({
      session_role_arns: ['arn:aws:iam::111122223333:role/Session'],
      auditor_role_arns: ['arn:aws:iam::111122223333:role/Auditor'],
      function_role_arns: ['arn:aws:iam::111122223333:role/Function'],
      direct_role_arns: ['arn:aws:iam::111122223333:role/Job', 'arn:aws:iam::111122223333:role/Other'],
      deployment_role_arns: ['arn:aws:iam::111122223333:role/Deployment'],
      watched_resources: ['models-trail', 'key-id'], watched_prefix: 'Models-',
      median_floor_objects: 7, week_factor: 4, many_new_models: 9, link_seconds: 900,
    });
    expect(settingsView(settings)).toContain('CAST(\'models-trail,key-id\' AS varchar) AS watched_resources');
  });

  test('in the description of the store are a valid settings file for the command line', () => {
    const described = auditSettingsFile({
      ...auditSettings({ ...parts(), thresholds: { bulkEgress: Size.gibibytes(2) } }),
      artifact_bucket: 'artifacts', log_buckets: ['trail', 'access'], perimeter_vpc_endpoints: ['vpce-1', 'vpce-2'],
    }, ['198.51.100.0/24']);
    expect(described).toEqual({
      ...DEFAULT_AUDIT_SETTINGS, artifact_bucket: 'artifacts', log_buckets: ['trail', 'access'],
      perimeter_vpc_endpoints: ['vpce-1', 'vpce-2'],
      bulk_egress_bytes: 2 * 1024 ** 3, perimeter_networks: ['198.51.100.0/24'],
    });
    const { row, networks } = settingsOf(described);
    expect(row).toMatchObject({
      log_buckets: 'trail,access', bulk_egress_bytes: 2 * 1024 ** 3, perimeter_vpc_endpoints: 'vpce-1,vpce-2',
    });
    expect(networks).toEqual([
      { first_key: '00000000000000000000ffffc6336400', last_key: '00000000000000000000ffffc63364ff' },
    ]);
  });
});
