import { Token } from 'aws-cdk-lib';
import type { ProtectedResources } from './protected-resources';
import { comparison, type Watch } from './watch';
import { modelPrefix } from '../../contract/keys';

/** The maximum length of the ARN of a bucket in AWS, and of the name of a model. */
const LONGEST = { bucketArn: 83, model: 128 };

/** Keeps patterns below the limit of EventBridge, 2,048 characters. */
const MODELS_PER_RULE = 6;

/**
 * Watches the objects of models that no one has a reason to read. Every record of a request for an object has its ARN,
 * because the trail selects records by it: also a denied request, a request for an object that does not exist, a copy,
 * and a request through an access point.
 */
export function canaryWatches({ canaryModels = [], artifactBuckets = [] }: ProtectedResources): Watch[] {
  const prefixes = artifactBuckets.flatMap(({ bucketArn }) => canaryModels.map((model) => {
    const folder = `/${modelPrefix(model)}`;
    const longest = Token.isUnresolved(model) ? LONGEST.model + modelPrefix('').length + 1 : folder.length;
    return comparison('prefix', `${bucketArn}${folder}`, LONGEST.bucketArn + longest);
  }));
  return Array.from({ length: Math.ceil(prefixes.length / MODELS_PER_RULE) }, (_, index): Watch => ({
    id: index === 0 ? 'Canaries' : `Canaries${index + 1}`,
    entry: 'Canary',
    eventSource: 's3.amazonaws.com',
    category: 'data',
    events: ['Get*', 'Head*', 'Select*', 'CopyObject', 'UploadPartCopy'],
    includesReads: true,
    evenByDeployments: 'all',
    // A copy has the ARNs of source and destination.
    namedBy: [{
      parent: 'resources',
      field: 'ARN',
      positions: 3,
      comparisons: prefixes.slice(index * MODELS_PER_RULE, (index + 1) * MODELS_PER_RULE),
    }],
    subject: { words: 'the canary model', path: '$.detail.requestParameters.key' },
  }));
}
