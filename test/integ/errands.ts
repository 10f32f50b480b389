import type { Errand, ErrandResult } from './errand';

/*
 * What people try, and how it has to end. test/local/integ-errands.test.ts runs the same, but for the audit, on the local AWS.
 */

export interface Trial {
  readonly errand: Errand;
  readonly result: Partial<ErrandResult>;
}

export interface RoleArns {
  readonly dataScientist: string;
  readonly pipeline: string;
  readonly auditor: string;
}

const MIB = 1024 * 1024;
/** As the command line says it by its exit code. */
const NOT_PERMITTED = 6;

export const MODEL = 'integration';
const VERSION = `${MODEL}@1.0.0`;
/** One file that goes in one part, one that goes in several, and one in a folder. */
const FILES = { 'config.json': 512, 'weights.bin': 40 * MIB, 'tokenizer/vocabulary.txt': 3 * MIB };

export function dataScientistTries({ dataScientist }: RoleArns): Trial {
  return {
    errand: {
      roleArn: dataScientist,
      person: 'anna',
      files: FILES,
      commands: [['push', 'model', VERSION], ['pull', VERSION, 'pulled'], ['verify', 'pulled'], ['promote', VERSION, 'production']],
    },
    result: { exitCodes: [0, 0, 0, NOT_PERMITTED], pulledFiles: 3, same: true },
  };
}

export function pipelineTries({ pipeline }: RoleArns): Trial {
  return {
    errand: {
      roleArn: pipeline,
      person: 'deployment',
      files: FILES,
      commands: [['promote', VERSION, 'production'], ['pull', `${MODEL}@production`, 'pulled'], ['push', 'model', `${MODEL}@2.0.0`]],
    },
    result: { exitCodes: [0, 0, NOT_PERMITTED], pulledFiles: 3, same: true },
  };
}

export function auditorTries({ auditor }: RoleArns): Trial {
  return {
    errand: { roleArn: auditor, person: 'ada', commands: [['show', VERSION], ['pull', VERSION, 'pulled']] },
    result: { exitCodes: [0, NOT_PERMITTED], pulledFiles: 0 },
  };
}

/** Succeeds when the trail has been delivered. */
export function auditorAsks({ auditor }: RoleArns): Trial {
  return {
    errand: {
      roleArn: auditor,
      person: 'ada',
      commands: [['audit', 'query', 'egress-by-principal', '--on', 'athena', '--json']],
      row: { person: 'anna', atLeastBytesOut: Object.values(FILES).reduce((sum, size) => sum + size, 0) },
    },
    result: { exitCodes: [0], found: true },
  };
}
