import type * as iam from 'aws-cdk-lib/aws-iam';
import type { StoreAccess } from './store-access';
import { addPermission } from '../common/permission-writer';
import { allowRead } from '../storage/log-archive-grants';

/** Grants permission to read the logs, and nothing else. */
export function grantLogs(grantee: iam.IGrantable, { logArchive, auditLogGroup }: StoreAccess): iam.Grant[] {
  return [
    ...logArchive ? [allowRead(logArchive, grantee)] : [],
    ...auditLogGroup ? [addPermission(grantee, {
      actions: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
      resourceArns: [auditLogGroup.logGroupArn],
      wildcardReason: 'The ARN of a log group ends in ":*", which matches its log streams.',
    })] : [],
  ];
}
