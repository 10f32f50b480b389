import { App } from 'aws-cdk-lib';
import { SageMakerStack } from './sagemaker-stack';

const app = new App();
new SageMakerStack(app, 'SageMaker', {
  image: app.node.tryGetContext('image') ?? '111122223333.dkr.ecr.eu-central-1.amazonaws.com/fraud-scorer:1.0.0',
  modelDigest: app.node.tryGetContext('digest') ?? 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
});
