import { Validations } from 'aws-cdk-lib';
import type * as nag from 'cdk-nag';
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
 * Runs cdk-nag's rule packs over an app at synthesis; a finding that nobody acknowledged fails it. It needs cdk-nag 3, which an
 * app installs itself; nothing else of the library does, so that an app may have cdk-nag 2, or none.
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
    const cdkNag = loadCdkNag();
    const packs = options.packs ?? Object.values(CompliancePack);
    const props: nag.NagPackProps = { writeSuppressionsToCloudFormation: options.acknowledgementsInTemplate ?? false };
    Validations.of(scope).addPlugins(...packs.map((pack) => createPack(cdkNag, pack, scope, props)));
  }

  private constructor() {}
}

type CdkNag = typeof nag;

/** The rule packs read acknowledgements where cdk-nag 3 has them; cdk-nag 2 would find fault with everything. */
function loadCdkNag(): CdkNag {
  const { version } = load<{ version: string }>('cdk-nag/package.json');
  if (!version.startsWith('3.')) {
    throw new Error(`ComplianceChecks needs cdk-nag 3, and the app has cdk-nag ${version}; upgrade it (npm install cdk-nag@3), or leave ComplianceChecks out: `
      + 'the store itself needs no cdk-nag');
  }
  return load<CdkNag>('cdk-nag');
}

function load<Module>(name: string): Module {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional package is loaded when it is needed
    return require(name) as Module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') {
      throw error;
    }
    throw new Error('ComplianceChecks needs cdk-nag 3, and the app has no cdk-nag; install it with: npm install cdk-nag@3');
  }
}

function createPack(cdkNag: CdkNag, pack: CompliancePack, scope: IConstruct, props: nag.NagPackProps): nag.NagPack {
  switch (pack) {
    case CompliancePack.AWS_SOLUTIONS: return new cdkNag.AwsSolutionsChecks(scope, props);
    case CompliancePack.HIPAA_SECURITY: return new cdkNag.HIPAASecurityChecks(scope, props);
    case CompliancePack.NIST_800_53_R4: return new cdkNag.NIST80053R4Checks(scope, props);
    case CompliancePack.NIST_800_53_R5: return new cdkNag.NIST80053R5Checks(scope, props);
    case CompliancePack.PCI_DSS_321: return new cdkNag.PCIDSS321Checks(scope, props);
    case CompliancePack.SERVERLESS: return new cdkNag.ServerlessChecks(scope, props);
  }
}
