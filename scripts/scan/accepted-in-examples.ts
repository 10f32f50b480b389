export interface AcceptedInExample {
  readonly rule: string;
  /** The paths of the constructs, which start with the stack. */
  readonly paths: readonly string[];
  readonly because: string;
}

/**
 * Accepted findings on resources that examples add to the store. Acknowledgements would be copied together with the
 * example, and mean nothing to those who do not run these scanners.
 */
export const ACCEPTED_IN_EXAMPLES: readonly AcceptedInExample[] = [
  {
    rule: 'CT.KMS.PR.3',
    paths: [
      'DeployWithStepFunctions/Key', 'DeployWithCodePipeline/Scripts/Key', 'PrivateNetwork/Network/FlowLogKey',
      'Regulated/Network/FlowLogKey', 'SageMaker/TrainingOutput/Key', 'SageMaker/VolumeKey',
    ],
    because: 'The key belongs to the example, and encrypts no models or evidence in the store.',
  },
  {
    rule: 'CT.S3.PR.4',
    paths: ['DeployWithCodePipeline/Scripts/Bucket', 'SageMaker/TrainingOutput/Bucket'],
    because: 'The jobs that use the bucket are started by other events.',
  },
  {
    rule: 'CT.CLOUDTRAIL.PR.1',
    paths: ['ModelStore/Models/AuditTrail/Trail'],
    because: 'The trail is encrypted, with a key of the other account. The rule recognizes only keys in the template.',
  },
  {
    rule: 'CKV_AWS_27',
    paths: ['DeployWithStepFunctions/UndeliveredEvents', 'DeployWithCodePipeline/UndeliveredEvents'],
    because: 'The queue is encrypted with keys that SQS manages (SSE-SQS). The rule looks only for KMS keys.',
  },
];
