import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { grantLogs } from './log-grants';
import { checkModelPatterns, coversEveryModel, EVERY_MODEL } from './model-patterns';
import { routeArns } from './route-arns';
import type { StoreAccess } from './store-access';
import { checkGrantee } from '../common/grantee';
import { addPermission, reportUnchangedRole } from '../common/permission-writer';
import { Problems } from '../common/problems';
import { KEY_PATTERNS, modelPrefix } from '../contract/keys';
import type { FunctionName, Permission } from '../contract/routes';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { artifactKeyConditions } from '../storage/storage-key';

/** What a grant gives, as the methods of a store and of `StoreGrants` name it. */
type GrantName = 'upload' | 'download' | 'downloadByLink' | 'promote' | 'audit' | 'logs';

/**
 * Grants principals their permissions on the store, each as one whole capability: API, objects and key together.
 *
 * With `models`, a permission holds for these models only: names, or beginnings of names with a `*` behind.
 *
 * Every grant refuses a principal of another account, and a principal that has no policy, because it would have no effect.
 */
export class StoreGrants {
  /**
   * The grants of a store, whose errors name the store and its methods.
   *
   * @internal
   */
  public static _ofStore(store: IConstruct, access: StoreAccess): StoreGrants {
    const grants = new StoreGrants(access);
    grants.named = { scope: store, name: (grant) => `grant${grant.charAt(0).toUpperCase()}${grant.slice(1)}` };
    return grants;
  }

  private named: { readonly scope: IConstruct; readonly name: (grant: GrantName) => string };

  /**
   * @param access what the permissions are about
   */
  constructor(private readonly access: StoreAccess) {
    this.named = { scope: access.artifactBucket, name: (grant) => `StoreGrants.${grant}` };
  }

  /**
   * Grants permission to push: to send files, publish versions, and read what was published.
   *
   * @param grantee the principal that gets the permission
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public upload(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('upload', grantee, models, ['upload', 'read']);
    return this.report('upload', grantee, this.call(grantee, 'upload', patterns).combine(this.read(grantee, patterns)));
  }

  /**
   * Grants permission to pull: presigned URLs through the API, and direct reads of blobs, manifests and signatures in S3
   * for batch jobs, where the data event names the role only.
   *
   * @param grantee the principal that gets the permission
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public download(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('download', grantee, models, ['download', 'read']);
    const { bucket } = this.access.artifactBucket;
    const objects = patterns.flatMap((pattern) => [
      bucket.arnForObjects(KEY_PATTERNS.blobs(pattern)), bucket.arnForObjects(KEY_PATTERNS.versions(pattern)),
    ]);
    const direct = addPermission(grantee, {
      actions: ['s3:GetObject'], resourceArns: objects, wildcardReason: 'Blobs, manifests and signatures of the models named in the grant.',
    });
    return this.report('download', grantee, direct.combine(this.decrypt(grantee)).combine(this.links(grantee, patterns)));
  }

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries a person's name: what people's roles
   * get.
   *
   * @param grantee the principal that gets the permission
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public downloadByLink(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('downloadByLink', grantee, models, ['download', 'read']);
    return this.report('downloadByLink', grantee, this.links(grantee, patterns));
  }

  /**
   * Grants permission to move aliases, and to read what was published. No bytes of a model.
   *
   * @param grantee the principal that gets the permission
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public promote(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('promote', grantee, models, ['promote', 'read']);
    return this.report('promote', grantee, this.call(grantee, 'promote', patterns).combine(this.read(grantee, patterns)));
  }

  /**
   * Grants permission to read manifests and aliases, the log archive and the trail's log group. No bytes of a model.
   *
   * Logs are about every model and cannot be limited to one, so a grant limited to models gives their manifests and no logs.
   *
   * @param grantee the principal that gets the permission
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public audit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('audit', grantee, models, ['read']);
    const manifests = this.read(grantee, patterns);
    const logs = coversEveryModel(patterns) ? grantLogs(grantee, this.access) : [];
    return this.report('audit', grantee, logs.reduce((all, grant) => all.combine(grant), manifests));
  }

  /**
   * Grants permission to read the log archive and the trail's log group. No object of the artifact bucket, and no manifest.
   *
   * @param grantee the principal that gets the permission
   */
  public logs(grantee: iam.IGrantable): iam.Grant {
    this.check('logs', grantee, undefined, []);
    const [first, ...others] = grantLogs(grantee, this.access);
    return this.report('logs', grantee, others.reduce((all, grant) => all.combine(grant), first));
  }

  private links(grantee: iam.IGrantable, patterns: string[]): iam.Grant {
    return this.call(grantee, 'download', patterns).combine(this.read(grantee, patterns));
  }

  private call(grantee: iam.IGrantable, permission: Permission, patterns: string[]): iam.Grant {
    const { api, functions } = this.access;
    return api
      ? addPermission(grantee, {
        actions: ['execute-api:Invoke'],
        resourceArns: routeArns(api, permission, patterns),
        wildcardReason: `The routes of "${permission}" on one stage; what stands for "*" in a path is a model, a version or an alias.`,
      })
      : addPermission(grantee, {
        actions: ['lambda:InvokeFunction'], resourceArns: [functions![FUNCTION_OF[permission]].functionArn],
      });
  }

  /**
   * Without an API, what was published is read in S3: permission to invoke the registry function would also allow moving
   * aliases.
   */
  private read(grantee: iam.IGrantable, patterns: string[]): iam.Grant {
    if (this.access.api) {
      return this.call(grantee, 'read', patterns);
    }
    const { bucket } = this.access.artifactBucket;
    const objects = patterns.flatMap((pattern) => [
      bucket.arnForObjects(KEY_PATTERNS.versions(pattern)), bucket.arnForObjects(KEY_PATTERNS.aliases(pattern)),
    ]);
    return addPermission(grantee, {
      actions: ['s3:GetObject'], resourceArns: objects, wildcardReason: 'Manifests, signatures and aliases, and no blob.',
    }).combine(addPermission(grantee, {
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': patterns.map((pattern) => `${modelPrefix(pattern)}*`) } },
    })).combine(this.decrypt(grantee));
  }

  private decrypt(grantee: iam.IGrantable): iam.Grant {
    const { artifactBucket } = this.access;
    return addPermission(grantee, {
      actions: ['kms:Decrypt'],
      resourceArns: [artifactBucket.encryptionKey.keyArn],
      conditions: artifactKeyConditions(artifactBucket),
    });
  }

  /** Everything that is wrong with a grant, at once; the model patterns if nothing is. */
  private check(name: GrantName, grantee: iam.IGrantable, models: string[] | undefined, calls: Permission[]): string[] {
    const problems = Problems.of(this.named.scope);
    const { api, functions, auditLogGroup } = this.access;
    checkGrantee(problems, this.named.scope, grantee);
    checkModelPatterns(problems, 'models', models);
    const invoked = calls.filter((permission) => permission !== 'read');
    if (models !== undefined && !api && invoked.length > 0) {
      problems.add(`models is given (${Token.isUnresolved(models) ? 'known only at deployment' : models.join(', ')}), but the store has no API: `
        + 'a permission to invoke a function cannot be limited to a model; give the store an API, or leave "models" out');
    }
    if (!api && !functions && invoked.length > 0) {
      problems.add(`cannot grant "${name}": the store has neither an API nor functions to invoke; give "api" or "functions"`);
    }
    const keyProblem = name === 'download' || (!api && calls.includes('read')) ? missingKey(this.access.artifactBucket) : undefined;
    if (keyProblem !== undefined) {
      problems.add(keyProblem);
    }
    // The log archive of another stack's store is looked up only for grants that need it.
    if (name === 'logs' && !this.access.logArchive && !auditLogGroup) {
      problems.add('cannot grant to read logs: there are none; give "logArchive" or "auditLogGroup"');
    }
    problems.throwIfAny(this.named.name(name));
    return models === undefined ? [EVERY_MODEL] : [...new Set(models)];
  }

  private report(name: GrantName, grantee: iam.IGrantable, grant: iam.Grant): iam.Grant {
    reportUnchangedRole(this.named.scope, grantee, name.charAt(0).toUpperCase() + name.slice(1), grant);
    return grant;
  }
}

const FUNCTION_OF: Readonly<Record<Permission, FunctionName>> = {
  read: 'registry', upload: 'upload', download: 'download', promote: 'registry',
};

/** A bucket that was adopted without its key says so by throwing. */
function missingKey(artifacts: IArtifactBucket): string | undefined {
  try {
    return artifacts.encryptionKey && undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
