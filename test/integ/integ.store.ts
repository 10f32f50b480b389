import { App } from 'aws-cdk-lib';
import { storeIntegration } from './store-integration';

const app = new App();
storeIntegration(app);
app.synth();
