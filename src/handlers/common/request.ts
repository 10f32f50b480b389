import type { Caller } from './caller';
import type { RouteName } from '../../contract/routes';

export interface StoreRequest {
  readonly route: RouteName;
  readonly requestId: string;
  readonly caller: Caller;
  /** Where the request came from, as the API saw it; absent without an API. */
  readonly callerAddress?: string;
  readonly parameters: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  /** JSON as it came, or what a direct invocation holds. */
  readonly rawBody: unknown;
}
