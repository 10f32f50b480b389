import type { OpenSession } from './sessions';
import type { Settings } from '../common/environment';
import type { Logger } from '../common/logger';
import type { StoreRequest } from '../common/request';

/** What a route's handler gets: the request, who sent it, and the only door to AWS. */
export interface Call extends StoreRequest {
  readonly settings: Settings;
  readonly log: Logger;
  readonly openSession: OpenSession;
}
