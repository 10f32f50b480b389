import * as iam from 'aws-cdk-lib/aws-iam';
import { grantLogs } from './log-grants';
import { ManagedPolicyRole } from './managed-policy-role';
import { coversEveryModel, modelPatterns } from './model-patterns';
import { routeArns } from './route-arns';
import type { StoreAccess } from './store-access';
import { KEY_PATTERNS, modelPrefix } from '../contract/keys';
import type { FunctionName, Permission } from '../contract/routes';
import { artifactKeyConditions } from '../storage/storage-key';

/**
 * Gives principals their permissions on the store, each as one whole capability: API, objects and key together.
 *
 * With `models`, a permission holds for these models alone: names, or beginnings of names with a `*` behind.
 */
export class StoreGrants {
  /**
   * @param access what the permissions are about
   */
  constructor(private readonly access: StoreAccess) {}

  /**
   * Push: send files, publish versions, and read what was published.
   *
   * @param grantee who gets it
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public upload(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = modelPatterns(models);
    return this.call(grantee, 'upload', models, patterns).combine(this.read(grantee, models, patterns));
  }

  /**
   * Pull: links through the API, and direct reads of blobs, manifests and signatures in S3 for batch jobs, where the data
   * event names the role alone.
   *
   * @param grantee who gets it
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public download(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = modelPatterns(models);
    const { bucket } = this.access.artifactBucket;
    const objects = patterns.flatMap((pattern) => [
      bucket.arnForObjects(KEY_PATTERNS.blobs(pattern)), bucket.arnForObjects(KEY_PATTERNS.versions(pattern)),
    ]);
    return this.grant(grantee, ['s3:GetObject'], objects, 'Blobs, manifests and signatures of the models named in the grant.')
      .combine(this.decrypt(grantee))
      .combine(this.downloadByLink(grantee, models));
  }

  /**
   * Pull through links alone, so that every read carries a person's name: what people's roles get.
   *
   * @param grantee who gets it
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public downloadByLink(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = modelPatterns(models);
    return this.call(grantee, 'download', models, patterns).combine(this.read(grantee, models, patterns));
  }

  /**
   * Move aliases, and read what was published. No bytes of a model.
   *
   * @param grantee who gets it
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public promote(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = modelPatterns(models);
    return this.call(grantee, 'promote', models, patterns).combine(this.read(grantee, models, patterns));
  }

  /**
   * Read manifests and aliases, the log archive and the trail's log group. No bytes of a model.
   *
   * Logs speak of every model and cannot be cut by one, so a grant limited to models gives their manifests and no logs.
   *
   * @param grantee who gets it
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public audit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = modelPatterns(models);
    const manifests = this.read(grantee, models, patterns);
    if (!coversEveryModel(patterns)) {
      return manifests;
    }
    return grantLogs(grantee, this.access).reduce((all, grant) => all.combine(grant), manifests);
  }

  /**
   * Read the log archive and the trail's log group. No object of the artifact bucket, and no manifest.
   *
   * @param grantee who gets it
   */
  public logs(grantee: iam.IGrantable): iam.Grant {
    const [first, ...others] = grantLogs(grantee, this.access);
    if (first === undefined) {
      throw new Error('cannot grant to read logs: there are none; give "logArchive" or "auditLogGroup"');
    }
    return others.reduce((all, grant) => all.combine(grant), first);
  }

  private call(grantee: iam.IGrantable, permission: Permission, models: string[] | undefined, patterns: string[]): iam.Grant {
    const { api, functions } = this.access;
    if (api) {
      return this.grant(grantee, ['execute-api:Invoke'], routeArns(api, permission, patterns),
        `The routes of "${permission}" on one stage; what stands for "*" in a path is a model, a version or an alias.`);
    }
    this.refuseModelsWithoutApi(models);
    if (!functions) {
      throw new Error(`cannot grant "${permission}": the store has neither an API nor functions to invoke; give "api" or "functions"`);
    }
    return this.grant(grantee, ['lambda:InvokeFunction'], [functions[FUNCTION_OF[permission]].functionArn]);
  }

  /**
   * Without an API, what was published is read in S3: invoking the registry function for it would also allow to move
   * aliases.
   */
  private read(grantee: iam.IGrantable, models: string[] | undefined, patterns: string[]): iam.Grant {
    if (this.access.api) {
      return this.call(grantee, 'read', models, patterns);
    }
    const { bucket } = this.access.artifactBucket;
    const objects = patterns.flatMap((pattern) => [
      bucket.arnForObjects(KEY_PATTERNS.versions(pattern)), bucket.arnForObjects(KEY_PATTERNS.aliases(pattern)),
    ]);
    return this.grant(grantee, ['s3:GetObject'], objects, 'Manifests, signatures and aliases, and no blob.')
      .combine(iam.Grant.addToPrincipal({
        grantee,
        actions: ['s3:ListBucket'],
        resourceArns: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': patterns.map((pattern) => `${modelPrefix(pattern)}*`) } },
      }))
      .combine(this.decrypt(grantee));
  }

  private decrypt(grantee: iam.IGrantable): iam.Grant {
    const { artifactBucket } = this.access;
    const grant = iam.Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [artifactBucket.encryptionKey.keyArn],
      conditions: artifactKeyConditions(artifactBucket),
    });
    grant.assertSuccess();
    return grant;
  }

  private grant(grantee: iam.IGrantable, actions: string[], resourceArns: string[], wildcardReason?: string): iam.Grant {
    const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
    grant.assertSuccess();
    if (wildcardReason && grantee.grantPrincipal instanceof ManagedPolicyRole) {
      grantee.grantPrincipal.explainWildcards(resourceArns, wildcardReason);
    }
    return grant;
  }

  private refuseModelsWithoutApi(models: string[] | undefined): void {
    if (models !== undefined) {
      throw new Error(`models are given (${models.join(', ')}), but the store has no API: a permission to invoke a function cannot be `
        + 'limited to a model; give the store an API, or leave "models" out');
    }
  }
}

const FUNCTION_OF: Readonly<Record<Permission, FunctionName>> = {
  read: 'registry', upload: 'upload', download: 'download', promote: 'registry',
};
