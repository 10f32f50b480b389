import { App } from 'aws-cdk-lib';
import { PrivateNetworkStack } from './private-network-stack';

const app = new App();
new PrivateNetworkStack(app, 'PrivateNetwork');
