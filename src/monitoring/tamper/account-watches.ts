import type { Watch } from './watch';

const COMMON = { category: 'management', evenByDeployments: [], namedBy: [] } as const;

/**
 * Changes of the account or its organization that can weaken the store, whichever resource they name. All of them are
 * rare. Those of an organization are recorded in its management account, except a member account that leaves it.
 */
export const ACCOUNT_WATCHES: readonly Watch[] = [
  {
    ...COMMON,
    id: 'Organization',
    entry: 'Organization',
    eventSource: 'organizations.amazonaws.com',
    // The organization's trail and policies no longer apply to an account that left.
    events: [
      'LeaveOrganization', 'RemoveAccountFromOrganization', 'AcceptHandshake', 'MoveAccount', 'CloseAccount',
      'DeleteOrganization', 'DeregisterDelegatedAdministrator', 'DisableAWSServiceAccess', 'DisablePolicyType',
      'DetachPolicy', 'UpdatePolicy', 'DeletePolicy',
    ],
    subject: { words: 'the organization' },
  },
  {
    ...COMMON,
    id: 'TrailAccess',
    entry: 'Trail',
    eventSource: 'cloudtrail.amazonaws.com',
    events: ['PutResourcePolicy', 'DeleteResourcePolicy', 'DeregisterOrganizationDelegatedAdmin'],
    subject: { words: 'CloudTrail' },
  },
];

/** Access to the buckets of the account by other ways than their own settings. */
export const BUCKET_ACCESS_WATCH: Watch = {
  ...COMMON,
  id: 'BucketAccess',
  entry: 'Bucket',
  eventSource: 's3.amazonaws.com',
  events: [
    'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'CreateAccessPoint*', 'PutAccessPoint*',
    'CreateMultiRegionAccessPoint*', 'PutMultiRegionAccessPoint*', 'SubmitMultiRegionAccessPoint*',
  ],
  // Requests for access points name the bucket in other parameters, if at all.
  besides: [{ parent: 'requestParameters', field: 'bucketName', value: undefined }],
  subject: { words: 'access points or the public access of the account' },
};
