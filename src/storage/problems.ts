import { Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Collects everything that is wrong with a construct's properties, so that one synthesis shows all of it and not just the
 * first thing. Values that are only known at deployment (tokens) are let through.
 */
export class Problems {
  private readonly found: string[] = [];

  public add(problem: string): void {
    this.found.push(problem);
  }

  /** S3 counts retention and lifecycle in whole days. */
  public wholeDays(property: string, duration: Duration | undefined): void {
    if (duration === undefined || duration.isUnresolved()) return;
    const days = duration.toDays({ integral: false });
    if (!Number.isInteger(days) || days < 1) {
      this.add(`${property} is ${readable(duration)}; S3 counts it in whole days, at least 1`);
    }
  }

  /** Two durations of which the first has to end before the second. */
  public before(sooner: string, soonerAfter: Duration | undefined, later: string, laterAfter: Duration, why: string): void {
    if (soonerAfter === undefined || soonerAfter.isUnresolved() || laterAfter.isUnresolved()) return;
    if (soonerAfter.toMilliseconds() >= laterAfter.toMilliseconds()) {
      this.add(`${sooner} (${readable(soonerAfter)}) does not come before ${later} (${readable(laterAfter)}): ${why}`);
    }
  }

  /** Two durations of which the first must not end before the second. */
  public notBefore(later: string, laterAfter: Duration | undefined, sooner: string, soonerAfter: Duration | undefined, why: string): void {
    if (laterAfter === undefined || soonerAfter === undefined || laterAfter.isUnresolved() || soonerAfter.isUnresolved()) return;
    if (laterAfter.toMilliseconds() < soonerAfter.toMilliseconds()) {
      this.add(`${later} (${readable(laterAfter)}) is shorter than ${sooner} (${readable(soonerAfter)}): ${why}`);
    }
  }

  /** ARNs of roles and users for which a policy makes an exception. */
  public principalArns(property: string, arns: readonly string[]): void {
    arns.forEach((arn, index) => {
      if (Token.isUnresolved(arn)) return;
      const at = `${property}[${index}]`;
      if (/^arn:[^:]+:sts::[^:]*:assumed-role\//.test(arn)) {
        this.add(`${at} is the ARN of a session (${arn}); give the ARN of its role, arn:aws:iam::<account>:role/<name>`);
      } else if (!/^arn:[a-z-]+:iam::\d{12}:(role|user)\/(?![*/]+$)[\w+=,.@/*-]+$/.test(arn)) {
        this.add(`${at} is "${arn}"; give the ARN of a role or user, with its account: arn:aws:iam::<account>:role/<name>`);
      }
    });
  }

  public bucketName(property: string, name: string | undefined): void {
    if (name !== undefined && !Token.isUnresolved(name) && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      this.add(`${property} is "${name}"; the name of a bucket has 3 to 63 lower-case letters, digits, "." or "-"`);
    }
  }

  /** Policies name keys by their ARN alone. */
  public keyArn(property: string, arn: string | undefined): void {
    if (arn !== undefined && !Token.isUnresolved(arn) && !/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/\S+$/.test(arn)) {
      this.add(`${property} is "${arn}"; policies name a key by its ARN, not by an alias or an id: arn:aws:kms:<Region>:<account>:key/<id>`);
    }
  }

  public throwIfAny(scope: Construct, what: string): void {
    if (this.found.length === 0) return;
    throw new Error(`${what} at ${scope.node.path}:${this.found.map((problem) => `\n  - ${problem}`).join('')}`);
  }
}

/** What is wrong with a list whose items only the deployment knows. */
export function listTokenProblem(property: string): string {
  return `${property} is a list that is known only at deployment (such as valueAsList of a CfnParameter), but each item has to be known at `
    + 'synthesis; write the list in code or in cdk.json, or give its items one by one with Fn.select';
}

export function isOrganizationId(text: string): boolean {
  return /^o-[a-z0-9]{10,32}$/.test(text);
}

/** The longer of two durations; the first if it cannot be told. */
export function longer(a: Duration, b: Duration | undefined): Duration {
  if (b === undefined || a.isUnresolved() || b.isUnresolved()) return a;
  return b.toMilliseconds() > a.toMilliseconds() ? b : a;
}

export function readable(duration: Duration): string {
  return duration.toHumanString();
}
