import { settingsOf } from '../../../src/audit/database/settings';
import { distinctLabels, labelOf, personOf } from '../../../src/audit/report/people';

const ROLE = 'ModelStore-ModelsRolesDataScientist8764686D-6B9A990752173';
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const settings = settingsOf({
  caller_role_arns: [role(ROLE), role('paths/CustomCaller'), role('StoreAuditor')],
  auditor_role_arns: [role('StoreAuditor')],
  direct_role_arns: [role('SageMaker')],
  session_role_arns: [role('DownloadSession')],
  function_role_arns: [role('UploadFunction')],
});

test.each([
  ['a name that the store checked', 'ada', { name: 'ada' }],
  ['a data scientist', `${ROLE}=ada`, { name: 'ada', role: 'data scientist', identifier: `${ROLE}=ada` }],
  ['an auditor', 'StoreAuditor=vera', { name: 'vera', role: 'auditor', identifier: 'StoreAuditor=vera' }],
  ['a batch job', 'SageMaker=train-7', { name: 'train-7', role: 'batch job', identifier: 'SageMaker=train-7' }],
  ['a caller whose role has a name of its own', 'CustomCaller=bob', { name: 'bob', role: 'CustomCaller' }],
  ['a role that the settings do not name', 'CloudAdmin=ivan', { name: 'ivan', role: 'CloudAdmin' }],
  ['a requester in the access logs', 'arn:aws:sts::111122223333:assumed-role/DownloadSession/eve', {
    name: 'eve', role: 'user of the store', identifier: 'arn:aws:sts::111122223333:assumed-role/DownloadSession/eve',
  }],
  ['a web identity', 'Portal=cognito-identity.amazonaws.com:eu-1', { name: 'cognito-identity.amazonaws.com:eu-1', role: 'Portal' }],
  ['the root user', 'arn:aws:iam::111122223333:root', { name: 'root user', identifier: 'arn:aws:iam::111122223333:root' }],
  ['a function of the store', 'UploadFunction=models-upload', {
    name: 'models-upload', role: 'the store itself', identifier: 'UploadFunction=models-upload',
  }],
  ['an unsigned request', 'ANONYMOUS_PRINCIPAL', { name: 'anonymous callers', identifier: 'ANONYMOUS_PRINCIPAL' }],
  ['all sessions of a role with generated names', 'Research=*', {
    name: 'sessions counted as one', role: 'Research', identifier: 'Research=*',
  }],
  ['a name that JavaScript knows', 'constructor', { name: 'constructor' }],
  ['no person', 'AWSAccount of 999988887777 (not a person)', { name: 'AWSAccount of 999988887777 (not a person)' }],
  ['nobody', null, { name: '(unknown)' }],
])('%s has a name, what its role is for, and an identifier that says more', (_, principal, person) => {
  expect(personOf(principal, settings)).toEqual(person);
});

test('a sentence shows the role beside a name that the caller chose', () => {
  expect(labelOf('ada', settings)).toBe('ada');
  expect(labelOf('CloudAdmin=ada', settings)).toBe('ada (CloudAdmin)');
  expect(labelOf(`${'x'.repeat(60)}=ada`, settings)).toBe(`ada (${'x'.repeat(32)}…)`);
});

test('a part of a role name does not make a role a different one', () => {
  expect(personOf('Maker=x', settings)).toEqual({ name: 'x', role: 'Maker' });
});

test('two principals never have the same label', () => {
  const [one, other] = [`${'x'.repeat(60)}1=ada`, `${'x'.repeat(60)}2=ada`];
  expect(distinctLabels([one, other, 'bob'], settings)).toEqual([one, other, 'bob']);
});
