import { Random } from '../../../test/support/audit/random';
import { dataEvent, type ObjectRequest, STORE } from '../../../test/support/audit/trail-record';

const random = new Random(5);

/** The CloudTrail record of Ada reading a file of a model on 2026-11-03, with the given changes. */
export function recordedRead(
  { person = 'ada', ...changes }: Partial<ObjectRequest> & { readonly person?: string } = {},
) {
  return dataEvent({
    time: Date.UTC(2026, 10, 3, 9, 30), action: 'GetObject', key: `models/fraud/blobs/sha256/${'a'.repeat(64)}`,
    bytesOut: 12_345_678, sourceIp: '10.0.0.1',
    userAgent: 'agent', requestId: random.id(16), eventId: random.uuid(),
    session: {
      roleName: 'role', roleId: 'AROA', sessionName: person, sourceIdentity: person, accessKeyId: 'ASIA',
      account: STORE.account, createdAt: 0,
    },
    ...changes,
  }, STORE, random);
}
