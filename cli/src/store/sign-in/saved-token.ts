import { OpenIdProvider } from './openid';
import { readSignIn, type SavedSignIn, writeSignIn } from './saved-sign-in';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import { type Authentication, describeTokenUser, type UnsignedRequest } from '../authentication';

/** Tokens that expire sooner than this are renewed before use. */
const MARGIN_MILLISECONDS = 60_000;

/** The ID token from `model-store login`, renewed as long as the identity provider allows. */
export class SavedToken implements Authentication {
  /** Undefined if there is no saved sign-in to this store. */
  static async of(environment: Environment, url: URL): Promise<SavedToken | undefined> {
    const saved = await readSignIn(environment, url);
    return saved?.tokens && new SavedToken(environment, url, saved);
  }

  private renewal?: Promise<string>;

  private constructor(
    private readonly environment: Environment, private readonly url: URL, private saved: SavedSignIn,
  ) {}

  async authorize(request: UnsignedRequest): Promise<{ readonly [name: string]: string }> {
    return { ...request.headers, authorization: await this.token() };
  }

  async caller(): Promise<string | undefined> {
    return describeTokenUser(await this.token());
  }

  private async token(): Promise<string> {
    const { tokens } = this.saved;
    if (tokens && tokens.expiresAt - this.environment.now() > MARGIN_MILLISECONDS) {
      return tokens.idToken;
    }
    // Concurrent requests share one renewal.
    this.renewal ??= this.renew().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  private async renew(): Promise<string> {
    // Another command may have renewed it.
    this.saved = await readSignIn(this.environment, this.url) ?? this.saved;
    const { tokens } = this.saved;
    if (tokens && tokens.expiresAt - this.environment.now() > MARGIN_MILLISECONDS) {
      return tokens.idToken;
    }
    if (tokens?.refreshToken === undefined) {
      throw new Failure('your sign-in has expired', {
        code: 'unauthenticated', exitCode: EXIT.FORBIDDEN, hint: 'Sign in again with "model-store login".',
      });
    }
    const provider = await OpenIdProvider.discover(this.environment, this.saved);
    const renewed = await provider.refresh(tokens.refreshToken);
    await writeSignIn(this.environment, this.url, this.saved, renewed);
    this.saved = { ...this.saved, tokens: renewed };
    return renewed.idToken;
  }
}
