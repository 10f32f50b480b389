import { type AuditDescription, auditParameterName } from '../../../src/contract/audit-description';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';

/** What a store publishes of its evidence; only its auditors may read it. */
export async function readAuditDescription(
  environment: Pick<Environment, 'readParameter'>, storeName: string, region: string | undefined,
): Promise<AuditDescription> {
  const parameter = auditParameterName(storeName);
  const value = await environment.readParameter(parameter, region).catch((error: unknown) => {
    throw error instanceof Failure ? unreadable(error, storeName, parameter) : error;
  });
  if (value === undefined) {
    throw new Failure(`there is no store named "${storeName}" that says where its evidence lies (no SSM parameter ${parameter} in this account and region)`, {
      code: 'unknown_store',
      exitCode: EXIT.NOT_FOUND,
      hint: 'Check the name, the AWS profile and --region. A store without a trail, or without audit.analytics, has no such parameter: '
        + 'give its logs with --logs s3://BUCKET/PREFIX or --logs DIR.',
    });
  }
  let description: Partial<AuditDescription> | undefined;
  try {
    description = JSON.parse(value) as Partial<AuditDescription>;
  } catch {
    // Told below, together with a value of another shape.
  }
  if (description?.schemaVersion !== 1 || !description.trail || !description.accessLogs || !description.athena) {
    throw new Failure(`the SSM parameter ${parameter} holds no description of evidence that this version of the command understands`, {
      code: 'unknown_store', exitCode: EXIT.FAILURE, hint: 'Install the version of model-store that belongs to the version of the store.',
    });
  }
  return description as AuditDescription;
}

function unreadable({ message, code, exitCode, details, requestId, hint, cause }: Failure, storeName: string, parameter: string): Failure {
  const own = code === 'forbidden'
    ? `Only auditors of the store "${storeName}" may read where its evidence lies (ssm:GetParameter on ${parameter}): take on its auditor role,`
      + ' and check AWS_PROFILE and --region.'
    : `${hint ?? 'Check AWS_PROFILE and --region.'}\nOr say where the logs lie with --logs.`;
  return new Failure(message, { code, exitCode, details, requestId, cause, hint: own });
}

/** How the person said which store is meant; undefined if they did not. */
export function storeNameOf(environment: Pick<Environment, 'variables'>, options: { readonly store?: string }): string | undefined {
  return options.store ?? environment.variables.MODEL_STORE_NAME;
}
