/** The names by which each account refers to the other. */
export const TRAIL_NAME = 'model-store';
export const TRAIL_KEY_ALIAS = 'alias/model-evidence';
export const artifactBucketName = (modelsAccount: string, region: string) => `models-${modelsAccount}-${region}`;
export const trailBucketName = (securityAccount: string, region: string) => `model-evidence-${securityAccount}-${region}`;
