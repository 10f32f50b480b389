import { App } from 'aws-cdk-lib';
import { CognitoSignInStack } from './cognito-sign-in-stack';

const app = new App();
new CognitoSignInStack(app, 'CognitoSignIn');
