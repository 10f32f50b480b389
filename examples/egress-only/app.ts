import { App } from 'aws-cdk-lib';
import { EgressOnlyStack } from './egress-only-stack';

const app = new App();
new EgressOnlyStack(app, 'EgressOnly', { bucketName: app.node.tryGetContext('bucket') ?? 'acme-models' });
