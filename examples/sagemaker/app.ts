import { App } from 'aws-cdk-lib';
import { SageMakerStack } from './sagemaker-stack';

const app = new App();
const modelDigest: string | undefined = app.node.tryGetContext('digest');
const image: string | undefined = app.node.tryGetContext('image');
if ((modelDigest === undefined) !== (image === undefined)) {
  throw new Error('an endpoint needs a model and an image: give --context digest=DIGEST and --context image=IMAGE, or neither');
}
new SageMakerStack(app, 'SageMaker', { served: image && modelDigest ? { image, modelDigest } : undefined });
