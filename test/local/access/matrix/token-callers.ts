import * as crypto from 'node:crypto';
import type { Caller } from './callers';
import { valuesFor, type Values } from './values';
import type { Principal } from '../../../access/matrix/matrix';
import type { CognitoStore } from '../../cognito/cognito-store';
import { signedAgain, signingKeyOf, tampered } from '../../cognito/tokens';
import { UserPool } from '../../cognito/user-pool';
import type { StoreApi } from '../../rig/store-api';
import { entryOf, type Sample } from '../../support/sample';

const SCIENTISTS = ['data-scientists'];

/** Users of the pool, and tokens with something wrong with them. */
export class TokenCallers {
  private readonly pool: UserPool;
  private others: UserPool[] = [];

  constructor(private readonly store: CognitoStore) {
    this.pool = new UserPool(store);
  }

  async create(principal: Principal, values: Values): Promise<Caller> {
    const token = await this.tokenOf(principal);
    return { principal, token, identityPolicies: [], context: {}, values: { ...values, ...valuesFor(principal.id, principal.id) } };
  }

  private async tokenOf({ id, groups, token: fault }: Principal): Promise<string | undefined> {
    switch (fault) {
      case undefined: return this.signedIn(id, groups!);
      case 'none': return undefined;
      case 'tampered': return tampered(await this.signedIn(id, []), { 'cognito:groups': SCIENTISTS });
      case 'foreign-key': {
        const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
        return signedAgain(await this.signedIn(id, SCIENTISTS), {}, privateKey);
      }
      case 'expired': {
        const now = Math.floor(Date.now() / 1000);
        return signedAgain(await this.signedIn(id, SCIENTISTS), { iat: now - 901, auth_time: now - 901, exp: now - 1 }, signingKeyOf(this.store));
      }
      case 'other-pool': {
        const other = await this.pool.another();
        this.others.push(other);
        return other.signIn(await other.addUser(id, SCIENTISTS));
      }
    }
  }

  private async signedIn(name: string, groups: readonly string[]): Promise<string> {
    return this.pool.signIn(await this.pool.addUser(name, groups));
  }

  /** A version of each model, with an alias, as a data scientist and a pipeline push and promote them. */
  async pushModels(api: StoreApi, models: readonly string[], file: Sample): Promise<void> {
    const headers = { authorization: await this.signedIn('pusher', [...SCIENTISTS, 'pipelines']) };
    const call = async (route: Parameters<StoreApi['call']>[0], parameters: { [name: string]: string }, body: object) => {
      const { status, text, json } = await api.call(route, undefined, { parameters, body, headers });
      if (status >= 300) {
        throw new Error(`${route} answered ${status}: ${text}`);
      }
      return json as { links: { method: string; url: string; headers: { [name: string]: string } }[] };
    };
    for (const model of models) {
      const one = { digest: file.digest, size: file.size };
      await call('beginUpload', { model }, { files: [one] });
      const { links: [{ method, url, headers: signed }] } = await call('uploadLinks', { model }, { links: [one] });
      await api.http.send({ method, url, headers: signed, body: file.bytes });
      await call('publish', { model, version: '1.0.0' }, { files: [entryOf(file)] });
      await call('moveAlias', { model, alias: 'live' }, { version: '1.0.0' });
    }
  }

  close(): void {
    [this.pool, ...this.others].forEach((pool) => pool.close());
  }
}
