import { isRemoved, removalText } from '../../contract/alias';
import type { AliasHistoryEntry } from '../../contract/wire';
import type { Call } from '../aws/call';
import type { Session } from '../aws/sessions';
import { unknown } from '../aws/versions';
import type { StoreError } from '../common/errors';

/** The error about an alias that does not exist. If it was removed, the message says when and by whom. */
export async function unknownAlias(
  session: Session, call: Call, found: AliasHistoryEntry | undefined,
): Promise<StoreError> {
  const { model, alias } = call.parameters;
  const why = found && isRemoved(found) ? `: ${removalText(found)}` : '';
  return unknown(session, call, 'unknown_alias', `the model "${model}" has no alias "${alias}"${why}`);
}
