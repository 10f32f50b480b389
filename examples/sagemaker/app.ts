import { App } from 'aws-cdk-lib';
import { SageMakerStack } from './sagemaker-stack';

const app = new App();
const modelDigest: string | undefined = app.node.tryGetContext('digest');
const imageTag: string | undefined = app.node.tryGetContext('tag');
if ((modelDigest === undefined) !== (imageTag === undefined)) {
  throw new Error('an endpoint needs a model and an image: give --context digest=DIGEST and --context tag=TAG, or neither');
}
new SageMakerStack(app, 'SageMaker', { served: imageTag && modelDigest ? { imageTag, modelDigest } : undefined });
