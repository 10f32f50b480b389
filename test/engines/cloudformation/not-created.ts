/*
 * What neither emulator creates from the templates of a store. whole-template.test.ts checks both lists: it fails for
 * an entry that has become possible, and for anything missing here.
 */

export interface NotCreated {
  readonly type: string;
  readonly because: string;
}

/** Resource types that neither moto nor the local AWS supports, in CloudFormation or as a service. */
export const NOT_CREATED: readonly NotCreated[] = [
  { type: 'AWS::CloudWatch::AnomalyDetector', because: 'neither emulator has PutAnomalyDetector' },
  { type: 'AWS::Lambda::ResourcePolicy', because: 'neither emulator has PutResourcePolicy' },
  { type: 'AWS::Cognito::ManagedLoginBranding', because: 'neither emulator has the sign-in pages of Cognito' },
  { type: 'AWS::Chatbot::MicrosoftTeamsChannelConfiguration', because: 'neither emulator has the service that sends notifications to chats' },
  { type: 'AWS::Chatbot::SlackChannelConfiguration', because: 'neither emulator has the service that sends notifications to chats' },
];

export interface NotKept {
  readonly type: string;
  /** The property, including everything below it. */
  readonly property: string;
  readonly because: string;
}

/** Properties that moto accepts but does not store, or does not support. */
export const NOT_KEPT: readonly NotKept[] = [
  {
    type: 'AWS::S3::Bucket', property: 'LoggingConfiguration',
    because: 'moto looks for the delivery service in the destination\'s policy, and cannot read a policy that denies something to everyone',
  },
  {
    type: 'AWS::S3::Bucket', property: 'BucketEncryption.ServerSideEncryptionConfiguration.BlockedEncryptionTypes',
    because: 'moto does not keep the blocked kinds of encryption',
  },
  { type: 'AWS::S3::Bucket', property: 'MetricsConfigurations', because: 'moto has no metrics of requests' },
  { type: 'AWS::S3::Bucket', property: 'AnalyticsConfigurations', because: 'moto has no storage class analysis' },
  { type: 'AWS::S3::Bucket', property: 'NotificationConfiguration', because: 'moto takes notifications to EventBridge and does not list them' },
  { type: 'AWS::S3::Bucket', property: 'InventoryConfigurations.OptionalFields', because: 'moto lists one optional field of an inventory' },
  { type: 'AWS::Lambda::Function', property: 'Code', because: 'GetFunction answers with a link to the code, not with the place it came from' },
  { type: 'AWS::Lambda::Function', property: 'LoggingConfig', because: 'moto does not keep how a function logs' },
  {
    type: 'AWS::ApiGateway::Authorizer', property: 'AuthorizerResultTtlInSeconds',
    because: 'moto takes a time to live of 0 for none, and returns the default of 300',
  },
  { type: 'AWS::ApiGateway::RestApi', property: 'EndpointAccessMode', because: 'moto does not keep the access mode of an endpoint' },
  { type: 'AWS::ApiGateway::RestApi', property: 'SecurityPolicy', because: 'moto does not keep the security policy of an API' },
  { type: 'AWS::Cognito::UserPoolDomain', property: 'ManagedLoginVersion', because: 'moto has no sign-in pages, hence no version of them' },
  { type: 'AWS::Athena::WorkGroup', property: 'RecursiveDeleteOption', because: 'CloudFormation reads it when it deletes the workgroup; Athena does not store it' },
  { type: 'AWS::EC2::SecurityGroup', property: 'SecurityGroupEgress', because: 'moto\'s CloudFormation gives a group the default rule alone' },
];
