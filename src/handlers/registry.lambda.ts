import { createFunction } from './http/router';
import { aliasHistory, listAliases, showAlias } from './registry/aliases';
import { listModels } from './registry/models';
import { moveAlias } from './registry/move-alias';
import { resolveReference } from './registry/references';
import { removeAlias } from './registry/remove-alias';
import { listSigningKeys } from './registry/signing-keys';
import { listVersions, showVersion } from './registry/versions';

export const handler = createFunction('registry', {
  listSigningKeys, listModels, listVersions, showVersion, resolveReference, listAliases, showAlias, moveAlias,
  removeAlias, aliasHistory,
});
