import { Validations } from 'aws-cdk-lib';
import type * as nag from 'cdk-nag';
import type { IConstruct } from 'constructs';

/**
 * The six rule packs of cdk-nag.
 */
export enum CompliancePack {
  /** AWS Solutions best practices. */
  AWS_SOLUTIONS = 'AwsSolutions',
  /** HIPAA Security Rule. */
  HIPAA_SECURITY = 'HIPAA.Security',
  /** NIST 800-53, revision 4. */
  NIST_800_53_R4 = 'NIST.800.53.R4',
  /** NIST 800-53, revision 5. */
  NIST_800_53_R5 = 'NIST.800.53.R5',
  /** PCI DSS 3.2.1. */
  PCI_DSS_321 = 'PCI.DSS.321',
  /** The Serverless Lens of the Well-Architected Framework. */
  SERVERLESS = 'Serverless',
}

/**
 * Runs cdk-nag rule packs on an app at synthesis. Unacknowledged findings fail the synthesis. It requires cdk-nag 3,
 * which the app installs itself. The rest of the library does not need cdk-nag, so an app can also use cdk-nag 2, or
 * none.
 *
 * The store includes its own acknowledgements, each on a specific resource and with a reason, so that an app that
 * contains only the store has no findings in any pack.
 */
export class ComplianceChecks {
  /**
   * Adds the rule packs to an app or a stage.
   *
   * @param scope an `App` or a `Stage`; other constructs are not supported, and the packs check the whole app in both
   * cases
   * @param packs the rule packs to run; by default, all six
   */
  public static addTo(scope: IConstruct, packs?: CompliancePack[]): void {
    this.addPacks(scope, packs, false);
  }

  /**
   * Adds the rule packs, and writes every acknowledgement into the metadata of its resource, so that auditors can read
   * it in the deployed template. With `addTo`, acknowledgements are only in `policy-validation-report.json` of the
   * cloud assembly.
   *
   * @param scope an `App` or a `Stage`, as for `addTo`
   * @param packs the rule packs to run; by default, all six
   */
  public static addWithAcknowledgementsTo(scope: IConstruct, packs?: CompliancePack[]): void {
    this.addPacks(scope, packs, true);
  }

  private static addPacks(
    scope: IConstruct, packs: CompliancePack[] = Object.values(CompliancePack), acknowledgementsInTemplate: boolean,
  ): void {
    const cdkNag = loadCdkNag();
    const props: nag.NagPackProps = { writeSuppressionsToCloudFormation: acknowledgementsInTemplate };
    Validations.of(scope).addPlugins(...packs.map((pack) => createPack(cdkNag, pack, scope, props)));
  }

  private constructor() {}
}

type CdkNag = typeof nag;

/** The acknowledgements are stored where cdk-nag 3 reads them. cdk-nag 2 would ignore them and report every finding. */
function loadCdkNag(): CdkNag {
  const { version } = load<{ version: string }>('cdk-nag/package.json');
  if (!version.startsWith('3.')) {
    throw new Error(`ComplianceChecks requires cdk-nag 3, but the app has cdk-nag ${version}; upgrade it (npm install `
      + 'cdk-nag@3), or remove ComplianceChecks: the store itself does not need cdk-nag');
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
    throw new Error('ComplianceChecks requires cdk-nag 3, but cdk-nag is not installed; install it with: '
      + 'npm install cdk-nag@3');
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
