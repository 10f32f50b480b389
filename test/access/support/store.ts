import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ArtifactBucket } from '../../../src/storage/artifact-bucket';
import { LogArchive } from '../../../src/storage/log-archive';
import { SigningKey } from '../../../src/storage/signing-key';

/** The parts of a store that access is granted to. */
export class StoreParts extends Stack {
  public readonly artifactBucket: ArtifactBucket;
  public readonly logArchive: LogArchive;
  public readonly signingKey: SigningKey;
  public readonly api = { restApi: apigateway.RestApi.fromRestApiId(this, 'Api', 'abcde12345'), stageName: 'v1' };
  public readonly functions = {
    upload: importedFunction(this, 'upload'),
    download: importedFunction(this, 'download'),
    registry: importedFunction(this, 'registry'),
  };

  constructor() {
    super(new App(), 'Store', { env: { account: '111122223333', region: 'eu-central-1' } });
    this.logArchive = new LogArchive(this, 'Logs');
    this.artifactBucket = new ArtifactBucket(this, 'Artifacts', { serverAccessLogsBucket: this.logArchive.accessLogBucket });
    this.signingKey = new SigningKey(this, 'SigningKey');
  }
}

function importedFunction(scope: Stack, name: string): lambda.IFunction {
  return lambda.Function.fromFunctionArn(scope, `${name}Function`, `arn:aws:lambda:eu-central-1:111122223333:function:${name}`);
}
