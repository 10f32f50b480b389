import * as fs from 'node:fs';
import * as path from 'node:path';
import { deployApp } from '../rig/deploy';
import { localUrl, type LocalStore } from '../rig/local-store';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { storeUnderTest } from '../rig/store-under-test';

/** A store whose callers sign in to a user pool. */
export interface CognitoStore extends LocalStore {
  /** The folder of its deployment. */
  readonly folder: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
}

/** Deploys it to the local AWS of the store under test. Suites run in parallel, so each has a separate stack. */
export async function deployCognitoStore(stackName: string): Promise<CognitoStore> {
  const first = storeUnderTest();
  const folder = path.join(first.localAws.folder, stackName);
  fs.mkdirSync(folder, { recursive: true });
  const command = ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, 'cognito-app.ts')), stackName].join(' ');
  const { outputs: byStack, leftOut } = await deployApp({ ...first.localAws, folder }, command);
  const outputs = byStack[stackName];
  return {
    ...first,
    folder,
    url: localUrl(first.localAws, outputs.StoreUrl),
    bucketName: outputs.BucketName,
    outputs,
    leftOut,
    userPoolId: outputs.UserPoolId,
    userPoolClientId: outputs.UserPoolClientId,
  };
}
