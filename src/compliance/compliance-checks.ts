import { Validations } from 'aws-cdk-lib';
import * as nag from 'cdk-nag';
import type { IConstruct } from 'constructs';

/**
 * The six rule packs of cdk-nag.
 */
export enum CompliancePack {
  /** Best practices of AWS Solutions. */
  AWS_SOLUTIONS = 'AwsSolutions',
  /** HIPAA Security Rule. */
  HIPAA_SECURITY = 'HIPAA.Security',
  /** NIST 800-53, revision 4. */
  NIST_800_53_R4 = 'NIST.800.53.R4',
  /** NIST 800-53, revision 5. */
  NIST_800_53_R5 = 'NIST.800.53.R5',
  /** PCI DSS 3.2.1. */
  PCI_DSS_321 = 'PCI.DSS.321',
  /** Serverless lens of the Well-Architected Framework. */
  SERVERLESS = 'Serverless',
}

/**
 * Options of `ComplianceChecks.addTo`.
 */
export interface ComplianceChecksOptions {
  /**
   * Which packs to run.
   *
   * @default - all six
   */
  readonly packs?: CompliancePack[];

  /**
   * Write every acknowledgement into the metadata of the resource that it is about, so that it stands in the deployed
   * template for an auditor to read.
   *
   * @default false - they stand in `policy-validation-report.json` of the cloud assembly alone
   */
  readonly acknowledgementsInTemplate?: boolean;
}

/**
 * Runs cdk-nag's rule packs over an app at synthesis; a finding that nobody acknowledged fails it.
 *
 * The store brings its own acknowledgements, each on the exact resource with its reason, so that an app with nothing
 * but the store has no finding in any pack.
 */
export class ComplianceChecks {
  /**
   * Add the rule packs to an app or a stage.
   *
   * @param scope an `App` or a `Stage`; rule packs cannot be added to anything smaller, and look at the whole app in both cases
   * @param options which packs, and what is written into templates; without them all six, and nothing
   */
  public static addTo(scope: IConstruct, options: ComplianceChecksOptions = {}): void {
    const packs = options.packs ?? Object.values(CompliancePack);
    const props: nag.NagPackProps = { writeSuppressionsToCloudFormation: options.acknowledgementsInTemplate ?? false };
    Validations.of(scope).addPlugins(...packs.map((pack) => createPack(pack, scope, props)));
  }

  private constructor() {}
}

function createPack(pack: CompliancePack, scope: IConstruct, props: nag.NagPackProps): nag.NagPack {
  switch (pack) {
    case CompliancePack.AWS_SOLUTIONS: return new nag.AwsSolutionsChecks(scope, props);
    case CompliancePack.HIPAA_SECURITY: return new nag.HIPAASecurityChecks(scope, props);
    case CompliancePack.NIST_800_53_R4: return new nag.NIST80053R4Checks(scope, props);
    case CompliancePack.NIST_800_53_R5: return new nag.NIST80053R5Checks(scope, props);
    case CompliancePack.PCI_DSS_321: return new nag.PCIDSS321Checks(scope, props);
    case CompliancePack.SERVERLESS: return new nag.ServerlessChecks(scope, props);
  }
}
