import type * as glue from 'aws-cdk-lib/aws-glue';

/** Definition of a Glue table. */
export interface TableDescription {
  readonly description: string;
  readonly columns: { readonly [column: string]: string };
  readonly partitions: readonly string[];
  readonly storage: Omit<glue.CfnTable.StorageDescriptorProperty, 'columns' | 'location'>;
  readonly location: string;
  /** Template with `${partition}` placeholders for partition values. */
  readonly locationTemplate: string;
  readonly projection: { readonly [key: string]: string };
}

const IDENTITY = 'struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,'
  + 'accesskeyid:string,username:string,'
  + 'sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,'
  + 'sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,'
  + 'webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>,sourceidentity:string>,'
  + 'onbehalfof:struct<userid:string,identitystorearn:string>,identityprovider:string,credentialid:string>';

/**
 * Fields of a record. Fields whose structure differs by service are JSON strings.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const TRAIL_RECORD_COLUMNS: { readonly [column: string]: string } = {
  eventversion: 'string',
  useridentity: IDENTITY,
  eventtime: 'string',
  eventsource: 'string',
  eventname: 'string',
  awsregion: 'string',
  sourceipaddress: 'string',
  useragent: 'string',
  errorcode: 'string',
  errormessage: 'string',
  requestparameters: 'string',
  responseelements: 'string',
  additionaleventdata: 'string',
  requestid: 'string',
  eventid: 'string',
  readonly: 'string',
  resources: 'array<struct<arn:string,accountid:string,type:string>>',
  eventtype: 'string',
  apiversion: 'string',
  managementevent: 'string',
  recipientaccountid: 'string',
  serviceeventdetails: 'string',
  sharedeventid: 'string',
  vpcendpointid: 'string',
  vpcendpointaccountid: 'string',
  eventcategory: 'string',
  sessioncredentialfromconsole: 'string',
  addendum: 'struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>',
  tlsdetails: 'struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>',
};

export interface TrailLocation {
  readonly bucketName: string;
  readonly keyPrefix?: string;
  readonly organizationId?: string;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Number of days of logs. */
  readonly days: number;
}

/**
 * Table over the records that CloudTrail delivers, including the key layout of organization trails.
 * https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function trailTable(trail: TrailLocation): TableDescription {
  const prefix = trail.keyPrefix === undefined ? '' : `${trail.keyPrefix}/`;
  const organization = trail.organizationId === undefined ? '' : `${trail.organizationId}/`;
  const location = `s3://${trail.bucketName}/${prefix}AWSLogs/${organization}`;
  return {
    description: 'CloudTrail records, one row per record',
    columns: TRAIL_RECORD_COLUMNS,
    partitions: ['account', 'region', 'day'],
    storage: {
      inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
    },
    location,
    locationTemplate: `${location}\${account}/CloudTrail/\${region}/\${day}/`,
    projection: {
      'projection.account.type': 'enum',
      'projection.account.values': trail.accounts.join(','),
      'projection.region.type': 'enum',
      'projection.region.values': trail.regions.join(','),
      ...projectedDays(trail.days),
    },
  };
}

/** Partition projection of the days with logs, up to today. */
export function projectedDays(days: number): { readonly [key: string]: string } {
  return {
    'projection.enabled': 'true',
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.range': `NOW-${days}DAYS,NOW`,
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
  };
}
