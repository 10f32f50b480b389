import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { principalArns } from './principal-arns';
import { isPartition, partitionOf } from './regions';

/** Maps the properties of a part to the names that the user wrote: `{ memorySize: 'capacity.memorySize' }`. */
export type PropertyNames = Readonly<Record<string, string>>;

/**
 * Collects all problems of a construct's properties, so that one synthesis reports all of them and not only the first.
 * Values that are known only at deployment (tokens) are accepted, but lists whose length is unknown are not.
 *
 * Each problem starts with the name of a property.
 */
export class Problems {
  public static of(scope: IConstruct): Problems {
    return new Problems(scope, {}, []);
  }

  private constructor(
    private readonly scope: IConstruct, private readonly names: PropertyNames, private readonly found: string[],
  ) {}

  /** Adds to the same list, for a part whose properties the user wrote under other names. */
  public named(names: PropertyNames): Problems {
    return new Problems(this.scope, names, this.found);
  }

  public add(problem: string): void {
    const [property = ''] = /^[A-Za-z][\w.]*/.exec(problem) ?? [];
    const text = `${this.name(property)}${problem.slice(property.length)}`;
    if (!this.found.includes(text)) {
      this.found.push(text);
    }
  }

  /** Returns the name of a property as the user wrote it, for use within a message. */
  public name(property: string): string {
    const parts = property.split('.');
    for (let length = parts.length; length > 0; length -= 1) {
      const written = this.names[parts.slice(0, length).join('.')];
      if (written !== undefined) {
        return [written, ...parts.slice(length)].join('.');
      }
    }
    return property;
  }

  public get any(): boolean {
    return this.found.length > 0;
  }

  /** Returns the items of a list that are known at synthesis. Reports a list that is known only at deployment. */
  public items<T>(property: string, list: readonly T[] | undefined): ReadonlyArray<readonly [T, number]> {
    if (list === undefined) {
      return [];
    }
    if (Token.isUnresolved(list)) {
      this.add(listTokenProblem(property));
      return [];
    }
    return list.map((item, index) => [item, index] as const).filter(([item]) => !Token.isUnresolved(item));
  }

  /** S3 measures retention and lifecycle in whole days. */
  public wholeDays(property: string, duration: Duration | undefined): void {
    if (duration === undefined || duration.isUnresolved()) return;
    const days = duration.toDays({ integral: false });
    if (!Number.isInteger(days) || days < 1) {
      this.add(`${property} is ${readable(duration)}; use whole days, at least 1`);
    }
  }

  /** Checks that the first duration ends before the second. */
  public before(
    sooner: string, soonerAfter: Duration | undefined, later: string, laterAfter: Duration, why: string,
  ): void {
    if (soonerAfter === undefined || soonerAfter.isUnresolved() || laterAfter.isUnresolved()) return;
    if (soonerAfter.toMilliseconds() >= laterAfter.toMilliseconds()) {
      this.add(`${sooner} (${readable(soonerAfter)}) must be shorter than ${this.name(later)} `
        + `(${readable(laterAfter)}): ${why}`);
    }
  }

  /** Checks that the first duration does not end before the second. */
  public notBefore(
    later: string, laterAfter: Duration | undefined, sooner: string, soonerAfter: Duration | undefined, why: string,
  ): void {
    if (laterAfter === undefined || soonerAfter === undefined) return;
    if (laterAfter.isUnresolved() || soonerAfter.isUnresolved()) return;
    if (laterAfter.toMilliseconds() < soonerAfter.toMilliseconds()) {
      this.add(`${later} (${readable(laterAfter)}) is shorter than ${this.name(sooner)} `
        + `(${readable(soonerAfter)}): ${why}`);
    }
  }

  /** Checks the roles and users that a policy exempts. */
  public principals(property: string, principals: readonly iam.IPrincipal[] | undefined): void {
    for (const [principal, index] of this.items(property, principals)) {
      const at = `${property}[${index}]`;
      const arns = principalArns(principal);
      if (arns.length === 0) {
        this.add(`${at} is neither a role nor a user; use an iam.IRole, an iam.IUser, or an iam.ArnPrincipal with the `
          + 'ARN of one, without conditions');
      }
      arns.filter((arn) => !Token.isUnresolved(arn)).forEach((arn) => this.principalArn(at, arn));
    }
  }

  private principalArn(at: string, arn: string): void {
    if (/^arn:[^:]+:sts::[^:]*:assumed-role\//.test(arn)) {
      this.add(`${at} is the ARN of a session (${arn}); use the ARN of its role, arn:aws:iam::<account>:role/<name>`);
    } else if (!/^arn:[a-z-]+:iam::\d{12}:(role|user)\/(?![*/]+$)[\w+=,.@/*-]+$/.test(arn)) {
      this.add(`${at} is "${arn}"; use the ARN of a role or user, including the account: `
        + 'arn:aws:iam::<account>:role/<name>');
    } else {
      this.partition(at, arn);
    }
  }

  /** An ARN with another partition, or with an unknown one, never matches. */
  public partition(property: string, arn: string): void {
    const [, partition] = arn.split(':');
    const { region } = Stack.of(this.scope);
    const own = Token.isUnresolved(region) ? undefined : partitionOf(region);
    if (own !== undefined ? partition !== own : !isPartition(partition)) {
      const fix = own === undefined ? 'this partition does not exist: use arn:aws:… (or aws-cn, aws-us-gov, …)'
        : `Region ${region} is in the partition "${own}": use arn:${own}:…`;
      this.add(`${property} is "${arn}", in the partition "${partition}"; ${fix}`);
    }
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  public bucketName(property: string, name: string | undefined): void {
    if (name === undefined || Token.isUnresolved(name)) return;
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      this.add(`${property} is ${JSON.stringify(name)}; use 3 to 63 lower-case letters, digits, "." and "-", with a `
        + 'letter or digit at both ends');
    } else if (name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
      this.add(`${property} is "${name}"; a bucket name must not look like an IP address or contain two adjacent "."`);
    }
    const reserved = RESERVED_PREFIXES.find((prefix) => name.startsWith(prefix))
      ?? RESERVED_SUFFIXES.find((suffix) => name.endsWith(suffix));
    if (reserved !== undefined) {
      this.add(`${property} is "${name}"; S3 reserves names with "${reserved}": choose another name`);
    }
  }

  /** Policies refer to keys only by ARN. */
  public keyArn(property: string, arn: string | undefined): void {
    if (arn !== undefined && !Token.isUnresolved(arn) && !/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/\S+$/.test(arn)) {
      this.add(`${property} is "${arn}"; use the ARN of the key, not an alias or an ID: `
        + 'arn:aws:kms:<Region>:<account>:key/<id>');
    }
  }

  public throwIfAny(what: string): void {
    if (this.found.length === 0) return;
    throw new Error(`${what} at ${this.scope.node.path}:${this.found.map((problem) => `\n  - ${problem}`).join('')}`);
  }
}

const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** The problem of a list whose items are known only at deployment. */
function listTokenProblem(property: string): string {
  return `${property} is a list that is known only at deployment (such as valueAsList of a CfnParameter), but its `
    + 'length must be known at synthesis; write the list in code or in cdk.json, or select its items one by one with '
    + 'Fn.select';
}

export function isOrganizationId(text: string): boolean {
  return /^o-[a-z0-9]{10,32}$/.test(text);
}

/** Returns the longer of two durations, or the first if one is unknown at synthesis. */
export function longer(a: Duration, b: Duration | undefined): Duration {
  if (b === undefined || a.isUnresolved() || b.isUnresolved()) return a;
  return b.toMilliseconds() > a.toMilliseconds() ? b : a;
}

export function readable(duration: Duration): string {
  return duration.toHumanString();
}
