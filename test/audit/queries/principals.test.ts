import * as fc from 'fast-check';
import { select, type Row } from '../support/evidence';
import { ACCOUNT, objectEvent, session } from '../support/records';

const OTHER_ACCOUNT = '999988887777';
/** Few words, so that each is likely to occur in every field. */
const word = fc.constantFrom('ann', 'eve', 'ann.eve@example.com', '1234');
const account = fc.constantFrom(ACCOUNT, OTHER_ACCOUNT);
const store = fc.constantFrom('arn:aws:identitystore::111122223333:identitystore/d-1111111111',
  'arn:aws:identitystore::111122223333:identitystore/d-2222222222');

/** An identity and its identifying fields: two records have the same principal exactly if these are the same. */
interface Identified {
  readonly who: Row;
  readonly identity: string;
}

const identities: fc.Arbitrary<Identified> = fc.oneof(
  // A role and a session, with all other fields that may identify the caller.
  fc.record({
    role: word, name: word, account, suffix: fc.constantFrom(undefined, '0123456789abcdef', 'fedcba9876543210'),
    source: fc.option(word), onBehalfOf: fc.option(fc.record({ userId: word, identityStoreArn: store })),
    subject: fc.option(word),
  }).map(({ role, name, account: owner, suffix, source, onBehalfOf, subject }) => {
    const roleName = suffix === undefined ? role : `AWSReservedSSO_${role}_${suffix}`;
    const lasting = suffix === undefined ? role : `AWSReservedSSO_${role}`;
    const made = session(roleName, name, source === null ? undefined : `Role=${source}`, owner);
    return {
      who: {
        ...made,
        sessionContext: {
          ...made.sessionContext as Row,
          ...subject === null
            ? {}
            : { webIdFederationData: { attributes: { 'idp.example.com:aud': 'app', 'idp.example.com:sub': subject } } },
        },
        ...onBehalfOf === null ? {} : { onBehalfOf },
      },
      identity: onBehalfOf !== null ? `user ${onBehalfOf.userId} ${onBehalfOf.identityStoreArn}`
        : source !== null ? `source ${source}`
          : subject !== null ? `subject ${owner} ${roleName} ${subject}` : `session ${owner} ${lasting} ${name}`,
    };
  }),
  fc.record({ name: word, account }).map(({ name, account: owner }) => ({
    who: {
      type: 'IAMUser',
      userName: name,
      accountId: owner,
      principalId: `AIDA${name}`,
      arn: `arn:aws:iam::${owner}:user/${name}`,
    },
    identity: `user ${owner} ${name}`,
  })),
  fc.record({
    userId: word, identityStoreArn: store, account, credentialId: word,
  }).map(({ userId, identityStoreArn, ...more }) => ({
    who: {
      type: 'IdentityCenterUser',
      accountId: more.account,
      credentialId: more.credentialId,
      onBehalfOf: { userId, identityStoreArn },
    },
    identity: `user ${userId} ${identityStoreArn}`,
  })),
  fc.record({ account, credentialId: word }).map(({ account: owner, credentialId }) => ({
    who: { type: 'IdentityCenterUser', accountId: owner, credentialId },
    identity: `credential ${owner} ${credentialId}`,
  })),
  fc.record({
    type: fc.constantFrom('Directory', 'Unknown'), name: word, account,
  }).map(({ type, name, account: owner }) => ({
    who: { type, userName: name, accountId: owner }, identity: `${type} ${name} ${owner}`,
  })),
  fc.record({
    type: fc.constantFrom('SAMLUser', 'WebIdentityUser'), name: word, provider: word,
  }).map(({ type, name, provider }) => ({
    who: { type, userName: name, identityProvider: provider }, identity: `${type} ${name} ${provider}`,
  })),
  word.map(
    (id) => ({
      who: { type: 'AWSAccount', principalId: `AROA:${id}`, accountId: OTHER_ACCOUNT }, identity: `id ${id}`,
    }),
  ),
  word.map(
    (name) => ({ who: { type: 'AWSService', invokedBy: `${name}.amazonaws.com` }, identity: `service ${name}` }),
  ),
);

/** Returns the principal of each identity in the view. */
async function principalsOf(people: readonly Row[]): Promise<string[]> {
  const records = people.map((who, index) => objectEvent({ who, requestId: `R${String(index).padStart(6, '0')}` }));
  const { rows } = await select({ records }, 'SELECT principal FROM egress_events ORDER BY request_id');
  return rows.map(({ principal }) => String(principal));
}

test('records have the same principal exactly if their identifying fields are the same', async () => {
  const people = fc.sample(identities, { numRuns: 3_000, seed: 20261128 });
  const principals = await principalsOf(people.map(({ who }) => who));
  const [identitiesOf, principalsOfIdentity] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  people.forEach(({ identity }, index) => {
    identitiesOf.set(principals[index], (identitiesOf.get(principals[index]) ?? new Set()).add(identity));
    principalsOfIdentity.set(identity, (principalsOfIdentity.get(identity) ?? new Set()).add(principals[index]));
  });
  expect([...identitiesOf].filter(([, of]) => of.size > 1)).toEqual([]);
  expect([...principalsOfIdentity].filter(([, names]) => names.size > 1)).toEqual([]);
  expect(principals.filter((principal) => principal.includes('(not a person)'))).toEqual([]);
});

test('a caller known only by account or address is marked as not a person', async () => {
  expect(await principalsOf([
    { type: 'IdentityCenterUser', accountId: ACCOUNT }, { type: 'AWSAccount', accountId: OTHER_ACCOUNT },
    { type: 'Unknown' },
  ])).toEqual([
    `IdentityCenterUser of ${ACCOUNT} (not a person)`, `AWSAccount of ${OTHER_ACCOUNT} (not a person)`,
    'Unknown at 198.51.100.7 (not a person)',
  ]);
});
