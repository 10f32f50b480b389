import * as path from 'node:path';

export const PROJECT_ROOT = path.resolve(__dirname, '../../..');

/** The folder for everything that the rig creates; git ignores it. */
export const LOCAL_AWS_FOLDER = path.join(PROJECT_ROOT, '.local-aws');

export const VENV_FOLDER = path.join(LOCAL_AWS_FOLDER, 'venv');
export const REQUIREMENTS_FILE = path.join(PROJECT_ROOT, 'test', 'local', 'requirements.txt');
export const CERTIFICATES_FOLDER = path.join(LOCAL_AWS_FOLDER, 'certificates');
export const MODELS_FOLDER = path.join(LOCAL_AWS_FOLDER, 'models');
export const RUNS_FOLDER = path.join(LOCAL_AWS_FOLDER, 'runs');

export const CDK_CLI = path.join(PROJECT_ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
export const TSX_CLI = path.join(PROJECT_ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
export const MODEL_STORE_CLI = path.join(PROJECT_ROOT, 'cli', 'dist', 'model-store.js');
