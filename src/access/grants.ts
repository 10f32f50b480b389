import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { grantLogs } from './log-grants';
import { checkModelPatterns, coversEveryModel, EVERY_MODEL } from './model-patterns';
import { routeArns } from './route-arns';
import type { StoreAccess } from './store-access';
import { capitalized } from '../common/capitalized';
import { checkGrantee } from '../common/grantee';
import { addPermission, reportUnchangedRole } from '../common/permission-writer';
import { Problems } from '../common/problems';
import { KEY_PATTERNS, modelPrefix } from '../contract/keys';
import type { FunctionName, Permission } from '../contract/routes';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { artifactKeyConditions } from '../storage/storage-key';

/** The names of the grants, as in the methods of a store and of `StoreGrants`. */
type GrantName = 'push' | 'pull' | 'directRead' | 'promote' | 'audit';

/**
 * Grants principals permissions on the store. Each grant covers a complete capability: API, objects and key.
 *
 * `models` limits a grant to some models: names, or name prefixes followed by `*`.
 *
 * A grant to a principal in another account, or to one without a policy, throws an error, because it would have no
 * effect.
 */
export class StoreGrants {
  /**
   * Returns the grants of a store. Their errors name the store and its methods.
   *
   * @internal
   */
  public static _ofStore(store: IConstruct, access: StoreAccess): StoreGrants {
    const grants = new StoreGrants(access);
    grants.named = { scope: store, name: (grant) => `grant${capitalized(grant)}` };
    return grants;
  }

  private named: { readonly scope: IConstruct; readonly name: (grant: GrantName) => string };

  /**
   * @param access the resources to grant access to
   */
  constructor(private readonly access: StoreAccess) {
    this.named = { scope: access.artifactBucket, name: (grant) => `StoreGrants.${grant}` };
  }

  /**
   * Grants permission to push: upload files, publish versions, and read manifests and aliases.
   *
   * @param grantee the principal to grant permission to
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public push(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('push', grantee, models, ['upload', 'read']);
    const grant = this.call(grantee, 'upload', patterns).combine(this.read(grantee, patterns));
    return this.report('push', grantee, grant);
  }

  /**
   * Grants permission to pull through presigned URLs, and to read blobs, manifests and signatures directly from S3, as
   * batch jobs do. The data event of a direct read identifies only the role.
   *
   * @param grantee the principal to grant permission to
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public directRead(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('directRead', grantee, models, ['download', 'read']);
    const { bucket } = this.access.artifactBucket;
    const objects = patterns.flatMap((pattern) => [
      bucket.arnForObjects(KEY_PATTERNS.blobs(pattern)), bucket.arnForObjects(KEY_PATTERNS.versions(pattern)),
    ]);
    const direct = addPermission(grantee, {
      actions: ['s3:GetObject'],
      resourceArns: objects,
      wildcardReason: 'Blobs, manifests and signatures of the models named in the grant.',
    });
    const grant = direct.combine(this.decrypt(grantee)).combine(this.links(grantee, patterns));
    return this.report('directRead', grantee, grant);
  }

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries a session name. The store's roles
   * for people have this grant.
   *
   * @param grantee the principal to grant permission to
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public pull(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('pull', grantee, models, ['download', 'read']);
    return this.report('pull', grantee, this.links(grantee, patterns));
  }

  /**
   * Grants permission to promote: move and remove aliases, and read manifests and aliases. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public promote(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('promote', grantee, models, ['promote', 'read']);
    const grant = this.call(grantee, 'promote', patterns).combine(this.read(grantee, patterns));
    return this.report('promote', grantee, grant);
  }

  /**
   * Grants permission to audit: read manifests, aliases, the log archive and the trail's log group. Does not allow
   * downloading files.
   *
   * Logs cover every model and cannot be limited to some, so a grant limited to models covers their manifests but no
   * logs.
   *
   * @param grantee the principal to grant permission to
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public audit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const patterns = this.check('audit', grantee, models, ['read']);
    const manifests = this.read(grantee, patterns);
    const logs = coversEveryModel(patterns) ? grantLogs(grantee, this.access) : [];
    return this.report('audit', grantee, logs.reduce((all, grant) => all.combine(grant), manifests));
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
        wildcardReason: `The routes of "${permission}" on one stage; "*" in a path matches a model, a version or an `
          + 'alias.',
      })
      : addPermission(grantee, {
        actions: ['lambda:InvokeFunction'], resourceArns: [functions![FUNCTION_OF[permission]].functionArn],
      });
  }

  /**
   * Without an API, manifests and aliases are read from S3, because permission to invoke the registry function would
   * also allow moving aliases.
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
      actions: ['s3:GetObject'], resourceArns: objects, wildcardReason: 'Manifests, signatures and aliases, but no '
        + 'blobs.',
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

  /** Reports all problems of a grant in one error. Returns the model patterns if there are none. */
  private check(name: GrantName, grantee: iam.IGrantable, models: string[] | undefined, calls: Permission[]): string[] {
    const problems = Problems.of(this.named.scope);
    const { api, functions } = this.access;
    checkGrantee(problems, this.named.scope, grantee);
    checkModelPatterns(problems, 'models', models);
    const invoked = calls.filter((permission) => permission !== 'read');
    if (models !== undefined && !api && invoked.length > 0) {
      const shown = Token.isUnresolved(models) ? 'known only at deployment' : models.join(', ');
      problems.add(`models is set (${shown}), but the store has no API: permission to invoke a function cannot be `
        + 'limited to some models; add an API to the store, or omit "models"');
    }
    if (!api && !functions && invoked.length > 0) {
      problems.add(`cannot grant "${name}": the store has neither an API nor functions to invoke; set "api" or `
        + '"functions"');
    }
    const needsKey = name === 'directRead' || (!api && calls.includes('read'));
    const keyProblem = needsKey ? missingKey(this.access.artifactBucket) : undefined;
    if (keyProblem !== undefined) {
      problems.add(keyProblem);
    }
    problems.throwIfAny(this.named.name(name));
    return models === undefined ? [EVERY_MODEL] : [...new Set(models)];
  }

  private report(name: GrantName, grantee: iam.IGrantable, grant: iam.Grant): iam.Grant {
    reportUnchangedRole(this.named.scope, grantee, capitalized(name), grant);
    return grant;
  }
}

const FUNCTION_OF: Readonly<Record<Permission, FunctionName>> = {
  read: 'registry', upload: 'upload', download: 'download', promote: 'registry',
};

/** The getter throws for a bucket that was imported without its key. */
function missingKey(artifacts: IArtifactBucket): string | undefined {
  try {
    return artifacts.encryptionKey && undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
