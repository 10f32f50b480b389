import type { Caller } from './caller';
import type { RouteName } from '../../contract/routes';

export interface StoreRequest {
  readonly route: RouteName;
  readonly requestId: string;
  readonly caller: Caller;
  /** Source IP address reported by API Gateway; absent for direct invocations. */
  readonly callerAddress?: string;
  readonly parameters: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  /** The unparsed JSON body; for a direct invocation, the `body` property of the event. */
  readonly rawBody: unknown;
}
