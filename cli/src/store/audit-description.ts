import { hasStrings, isListOfStrings, isObject } from './described-values';
import { type AuditDescription, auditParameterName } from '../../../src/contract/audit-description';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';

/** Reads where the logs of a store are. Only auditors of the store have permission to read this. */
export async function readAuditDescription(
  environment: Pick<Environment, 'readParameter'>, storeName: string, region: string | undefined,
): Promise<AuditDescription> {
  const parameter = auditParameterName(storeName);
  const value = await environment.readParameter(parameter, region).catch((error: unknown) => {
    throw error instanceof Failure ? unreadable(error, storeName, parameter) : error;
  });
  if (value === undefined) {
    const missing = `there is no SSM parameter ${parameter} in this account and Region`;
    throw new Failure(`no audit configuration found for the store "${storeName}": ${missing}`, {
      code: 'unknown_store',
      exitCode: EXIT.NOT_FOUND,
      hint: 'Check the name, AWS_PROFILE and --region. A store without a trail or without audit.analytics has no such '
        + 'parameter; use --logs s3://BUCKET/PREFIX or --logs DIR instead.',
    });
  }
  let description: Partial<AuditDescription> | undefined;
  try {
    description = JSON.parse(value) as Partial<AuditDescription>;
  } catch {
    // Reported below, like any other invalid value.
  }
  if (description?.schemaVersion !== 1 || !isComplete(description)) {
    const problem = 'is in a format that this version of model-store does not support';
    throw new Failure(`the SSM parameter ${parameter} ${problem}`, {
      code: 'unknown_store', exitCode: EXIT.FAILURE, hint: 'Install the version of model-store that matches the store.',
    });
  }
  return description as AuditDescription;
}

function isComplete({ region, trail, accessLogs, athena, settings }: Partial<AuditDescription>): boolean {
  return typeof region === 'string'
    && hasStrings(trail, ['bucketName'], ['keyPrefix', 'organizationId', 'trailArn'])
    && isListOfStrings(trail?.accounts) && isListOfStrings(trail?.regions)
    && hasStrings(accessLogs, ['bucketName', 'prefix']) && hasStrings(athena, ['workGroup', 'database'])
    && isObject(settings);
}

function unreadable(failure: Failure, storeName: string, parameter: string): Failure {
  const { message, code, exitCode, details, requestId, hint, cause } = failure;
  const own = code === 'forbidden'
    ? `Only auditors of the store "${storeName}" can read its audit configuration `
      + `(ssm:GetParameter on ${parameter}). `
      + 'Assume the auditor role, and check AWS_PROFILE and --region.'
    : `${hint ?? 'Check AWS_PROFILE and --region.'}\nOr use --logs with the location of the logs.`;
  return new Failure(message, { code, exitCode, details, requestId, cause, hint: own });
}

/** The store name from --store or MODEL_STORE_NAME; undefined if neither is set. */
export function storeNameOf(
  environment: Pick<Environment, 'variables'>, options: { readonly store?: string },
): string | undefined {
  return options.store ?? environment.variables.MODEL_STORE_NAME;
}
