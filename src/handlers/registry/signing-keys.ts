import type { SigningKeysResponse } from '../../contract/wire';
import type { Call } from '../aws/call';
import { publicKeyOf } from '../aws/signature';
import type { RouteResponse } from '../http/router';

/** GET /signing-keys: the public keys of the key that signs manifests and of its predecessors. */
export async function listSigningKeys(call: Call): Promise<RouteResponse> {
  const { signingKeyArn, formerSigningKeyArns } = call.settings;
  const keyArns = [...signingKeyArn === undefined ? [] : [signingKeyArn], ...formerSigningKeyArns];
  if (keyArns.length === 0) {
    return { status: 200, body: { keys: [] } satisfies SigningKeysResponse };
  }
  const session = await call.openSession({ signingKeys: ['kms:GetPublicKey'] });
  const body: SigningKeysResponse = {
    keys: await Promise.all(keyArns.map(async (keyArn) => publicKeyOf(session, keyArn))),
  };
  return { status: 200, body };
}
