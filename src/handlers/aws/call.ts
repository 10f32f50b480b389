import type { OpenSession } from './sessions';
import type { Settings } from '../common/environment';
import type { Logger } from '../common/logger';
import type { StoreRequest } from '../common/request';

/** Input of a route handler. `openSession` is its only access to AWS. */
export interface Call extends StoreRequest {
  readonly settings: Settings;
  readonly log: Logger;
  readonly openSession: OpenSession;
}
