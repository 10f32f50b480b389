import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** A target for statements about a bucket: the bucket itself, or a list of statements that its owner has to add. */
export type PolicyTarget = Pick<s3.IBucket, 'bucketArn' | 'arnForObjects' | 'addToResourcePolicy'>;

/** Collects the statements for a bucket whose policy this stack cannot change. */
export class RequiredStatements implements PolicyTarget {
  public readonly statements: iam.PolicyStatement[] = [];
  public readonly bucketArn: string;

  constructor(private readonly bucket: s3.IBucket) {
    this.bucketArn = bucket.bucketArn;
  }

  public arnForObjects(keyPattern: string): string {
    return this.bucket.arnForObjects(keyPattern);
  }

  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    this.statements.push(statement);
    return { statementAdded: false };
  }
}
