/** What a scanner reports about one resource, or about one package. */
export interface Finding {
  readonly scanner: string;
  /** The ID of the rule, as the scanner prints it. */
  readonly rule: string;
  /** The name of the template, or the file that lists the package. */
  readonly where: string;
  /** The logical ID of the resource, or the package. */
  readonly subject: string;
  /** The CloudFormation type of the resource. */
  readonly type?: string;
  readonly message: string;
}

/** A finding, with the reason why it is accepted, if there is one. */
export interface JudgedFinding extends Finding {
  readonly reason?: string;
}

/** The result of one scanner. */
export interface ScanResult {
  readonly scanner: string;
  /** What the scanner looked at, with counts. */
  readonly checked: string;
  readonly findings: readonly JudgedFinding[];
  /** Why the scanner looked at nothing. */
  readonly notChecked?: string;
}

export function unexplained({ findings }: ScanResult): JudgedFinding[] {
  return findings.filter(({ reason }) => reason === undefined);
}
