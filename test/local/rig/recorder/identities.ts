import type { Exchange, RequestSignature } from './exchange';
import { fieldOf } from './exchange';

/** `userIdentity` of a CloudTrail record: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export interface UserIdentity {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'AWSAccount' | 'Unknown';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: SessionContext;
}

export interface SessionContext {
  readonly sessionIssuer: {
    readonly type: 'Role'; readonly principalId: string; readonly arn: string; readonly accountId: string; readonly userName: string;
  };
  readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'false' };
  readonly sourceIdentity?: string;
}

/**
 * The owner of each access key, from the responses that issue keys: AssumeRole for sessions, CreateAccessKey for
 * users. Sends no requests to the local AWS, and keeps no secrets.
 */
export class Identities {
  private readonly byAccessKey = new Map<string, UserIdentity>();
  private readonly userIds = new Map<string, string>();

  constructor(private readonly accountId: string, rootAccessKeyId: string) {
    this.byAccessKey.set(rootAccessKeyId, {
      type: 'Root', principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId, accessKeyId: rootAccessKeyId,
    });
  }

  /** Reads a response of IAM or STS, if it contains a key. */
  learn({ startedAt, status, requestText, responseText }: Exchange, signature: RequestSignature): void {
    if (status !== 200) {
      return;
    }
    const asked = new URLSearchParams(requestText);
    const action = asked.get('Action');
    const accessKeyId = fieldOf(responseText, 'AccessKeyId');
    if (action === 'CreateUser') {
      this.userIds.set(asked.get('UserName') ?? '', fieldOf(responseText, 'UserId') ?? '');
    } else if (action === 'CreateAccessKey' && accessKeyId !== undefined) {
      this.learnUser(accessKeyId, fieldOf(responseText, 'UserName') ?? '');
    } else if (action?.startsWith('AssumeRole') && accessKeyId !== undefined) {
      this.learnSession({
        accessKeyId,
        roleArn: asked.get('RoleArn') ?? '',
        assumedRoleId: fieldOf(responseText, 'AssumedRoleId') ?? '',
        arn: fieldOf(responseText, 'Arn') ?? '',
        createdAt: startedAt,
        // A session that assumes another role passes its source identity on; the caller cannot remove it.
        sourceIdentity: asked.get('SourceIdentity') ?? this.of(signature).sessionContext?.sourceIdentity,
      });
    }
  }

  learnSession(session: {
    readonly accessKeyId: string; readonly roleArn: string; readonly assumedRoleId: string; readonly arn: string; readonly createdAt: Date;
    readonly sourceIdentity?: string;
  }): void {
    const { accountId } = this;
    this.byAccessKey.set(session.accessKeyId, {
      type: 'AssumedRole',
      principalId: session.assumedRoleId,
      arn: session.arn,
      accountId,
      accessKeyId: session.accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: session.assumedRoleId.split(':')[0],
          arn: session.roleArn,
          accountId,
          userName: session.roleArn.split('/').pop() ?? '',
        },
        attributes: { creationDate: withoutMilliseconds(session.createdAt), mfaAuthenticated: 'false' },
        ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
      },
    });
  }

  private learnUser(accessKeyId: string, userName: string): void {
    this.byAccessKey.set(accessKeyId, {
      type: 'IAMUser',
      principalId: this.userIds.get(userName) ?? userName,
      arn: `arn:aws:iam::${this.accountId}:user/${userName}`,
      accountId: this.accountId,
      accessKeyId,
      userName,
    });
  }

  /** An unsigned request is anonymous; an access key without an issuing response has an unknown principal. */
  of(signature: RequestSignature | undefined): UserIdentity {
    if (signature === undefined) {
      return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' };
    }
    return this.byAccessKey.get(signature.accessKeyId) ?? { type: 'Unknown', accessKeyId: signature.accessKeyId };
  }
}

/** The time format of CloudTrail. */
export function withoutMilliseconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
