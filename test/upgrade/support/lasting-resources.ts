/**
 * Resource types that no upgrade may replace or remove, and what would be lost with them. First those that hold data;
 * then those that others know by ARN, name or URL; last the policies of which their owner has only one.
 */
export const LASTING: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'the models, the evidence or the query results in it',
  'AWS::KMS::Key': 'access to everything it encrypted, and trust in everything it signed',
  'AWS::Logs::LogGroup': 'the records in it',
  'AWS::CloudTrail::Trail': 'the unbroken chain of its digest files, and events while there is no trail',
  'AWS::Cognito::UserPool': 'users, their passwords and MFA devices',
  'AWS::Cognito::UserPoolGroup': 'the members of the group',
  'AWS::SNS::Topic': 'the subscriptions that people confirmed',
  'AWS::Athena::WorkGroup': 'the history of its queries',
  'AWS::EC2::VPC': 'everything in the network',
  'AWS::EC2::Subnet': 'everything in the subnet',

  'AWS::ApiGateway::RestApi': 'the address that clients call',
  'AWS::ApiGateway::Stage': 'the address that clients call',
  'AWS::Cognito::UserPoolDomain': 'the address at which people sign in',
  'AWS::Cognito::UserPoolClient': 'the client id in people\'s settings',
  'AWS::EC2::VPCEndpoint': 'the endpoint\'s id in perimeters and policies',
  'AWS::Glue::Database': 'the name that saved queries use',
  'AWS::Glue::Table': 'the name that saved queries use',
  'AWS::IAM::Role': 'the role that other accounts and key policies trust',
  'AWS::Lambda::Alias': 'the ARN that callers invoke',
  'AWS::Lambda::Function': 'the ARN that callers invoke and policies name',
  'AWS::SSM::Parameter': 'the name by which clients find the store',

  // The new one is created before the old one is deleted, but both are the only policy: afterwards there is none.
  'AWS::S3::BucketPolicy': 'the policy of the bucket',
  'AWS::SNS::TopicPolicy': 'the policy of the topic',
  'Custom::ApiGatewayLoggingRole': 'the role that API Gateway uses to write logs',
};

/** Resources that an upgrade may replace: they hold no data, are not known by name, and can be recreated. */
export const REPLACEABLE: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Authorizer', 'AWS::ApiGateway::Deployment', 'AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Model', 'AWS::ApiGateway::RequestValidator', 'AWS::ApiGateway::Resource', 'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::Athena::NamedQuery', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::AnomalyDetector',
  'AWS::CloudWatch::Dashboard', 'AWS::CloudWatch::InsightRule', 'AWS::Cognito::ManagedLoginBranding', 'AWS::EC2::RouteTable', 'AWS::EC2::SecurityGroup',
  'AWS::EC2::SubnetRouteTableAssociation', 'AWS::Events::Rule', 'AWS::IAM::ManagedPolicy', 'AWS::Lambda::ResourcePolicy',
  'AWS::Lambda::Version', 'AWS::Logs::MetricFilter', 'AWS::Logs::ResourcePolicy', 'AWS::SNS::Subscription', 'AWS::WAFv2::WebACL', 'AWS::WAFv2::WebACLAssociation',
  'AWS::WAFv2::LoggingConfiguration',
]);

/**
 * Changes that AWS rejects for an existing resource, although the CloudFormation specification lists no replacement:
 * the deployment of the upgrade fails.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-attributes.html
 */
export const UNCHANGEABLE: Readonly<Record<string, readonly string[]>> = {
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
};
