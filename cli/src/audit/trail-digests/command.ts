import { FolderEvidence } from './folder-evidence';
import { HOW_TO_GET_THEM, readPublicKeys } from './public-keys';
import { verification } from './render';
import { verifyTrail } from './verify-trail';
import type { CommandContext } from '../../commands';
import { EXIT, usageFailure } from '../../failure';
import { writeJson } from '../../terminal';
import { requireDays } from '../reader/days';

export interface VerifyTrailArguments {
  readonly logs?: string;
  readonly publicKeys?: string;
  readonly from?: string;
  readonly to?: string;
}

export async function verifyTrailCommand(context: CommandContext, options: VerifyTrailArguments): Promise<number> {
  const { environment } = context;
  const { logs, publicKeys } = options;
  if (logs === undefined) {
    throw usageFailure('which evidence?', [], 'Give the folder that holds a copy of the archive with --logs DIR.');
  }
  if (publicKeys === undefined) {
    throw usageFailure('a folder is verified with the keys that CloudTrail publishes, and none were given', [], `Give them with --public-keys FILE. ${HOW_TO_GET_THEM}`);
  }
  const keys = await readPublicKeys(publicKeys);
  const result = await verifyTrail(context, {
    evidence: new FolderEvidence(logs),
    period: periodOf(options, environment.now()),
    asked: { from: options.from !== undefined, to: options.to !== undefined },
    keys: async () => keys,
  });
  if (context.options.json) {
    writeJson(environment, result);
  } else {
    environment.stdout.write(verification(result));
  }
  return result.whole ? EXIT.OK : EXIT.VERIFICATION;
}

/** A folder holds what somebody chose to put there: without days, all of it is meant. */
function periodOf({ from, to }: VerifyTrailArguments, now: number) {
  const days = requireDays({ from: from ?? (to === undefined ? undefined : '0001-01-01'), to }, now);
  return { ...(from !== undefined && { from: days.from }), ...(to !== undefined && { to: days.to }) };
}
