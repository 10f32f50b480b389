import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { artifactBucketName, TRAIL_KEY_ALIAS, TRAIL_NAME, trailBucketName } from './names';
import { LogArchive, SecureModelArtifactStore } from '../../src';

export interface ModelsStackProps extends StackProps {
  /** The account that keeps the evidence. */
  readonly securityAccount: string;
}

/** The models' account: a store whose trail delivers to the security account. */
export class ModelsStack extends Stack {
  constructor(scope: Construct, id: string, props: ModelsStackProps) {
    super(scope, id, props);

    const store = new SecureModelArtifactStore(this, 'Models', {
      bucketName: artifactBucketName(this.account, this.region),
      audit: {
        logArchive: new LogArchive(this, 'LogArchive', {
          trailBucket: s3.Bucket.fromBucketAttributes(this, 'TrailBucket', {
            bucketName: trailBucketName(props.securityAccount, this.region),
            encryptionKey: kms.Key.fromKeyArn(this, 'TrailKey',
              `arn:${this.partition}:kms:${this.region}:${props.securityAccount}:${TRAIL_KEY_ALIAS}`),
          }),
        }),
        trailName: TRAIL_NAME,
        // The queries run in the security account, where the evidence is.
        analytics: { enabled: false },
      },
    });

    Validations.of(store.auditTrail).acknowledge({
      id: 'SecureModelArtifactStore::ImportedLogArchive', reason: 'SecurityStack names this trail in "trails" of its archive.',
    });

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
  }
}
