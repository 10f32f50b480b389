import type { ErrorDetail } from '../../contract/errors';
import { fileProblems } from '../../contract/manifest';
import { isName, NAME_RULE } from '../../contract/names';
import { METADATA_KEY_PATTERN } from '../../contract/schemas';
import type { PublishRequest } from '../../contract/wire';
import { StoreError } from '../common/errors';

const METADATA_KEY = new RegExp(METADATA_KEY_PATTERN);

/** Checks the rules that JSON Schema cannot express, and reports all problems at once. */
export function requirePublishable({ files, metadata = {}, base, allowUnsafeNames }: PublishRequest): void {
  const problems: ErrorDetail[] = fileProblems(files, { allowUnsafeNames });
  for (const key of Object.keys(metadata).filter((name) => !METADATA_KEY.test(name))) {
    problems.push({
      field: 'metadata', message: `has the key ${JSON.stringify(key)}; keys must match ${METADATA_KEY_PATTERN}`,
    });
  }
  if (base !== undefined && !isName(base)) {
    problems.push({
      field: 'base', message: `${JSON.stringify(base)} is not a valid name: a name ${NAME_RULE}, and contains no ".."`,
    });
  }
  const sizes = new Map<string, number>();
  files.forEach(({ digest, size }, index) => {
    const other = sizes.get(digest);
    if (other !== undefined && other !== size) {
      problems.push({
        field: `files[${index}].size`,
        message: `is ${size}, but another file with the same digest has ${other} bytes`,
      });
    }
    sizes.set(digest, size);
  });
  if (problems.length > 0) {
    throw new StoreError('invalid_manifest', 'invalid files, metadata or base', problems);
  }
}
