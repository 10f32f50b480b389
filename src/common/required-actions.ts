import { CfnOutput, Resource, Stack, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';

/**
 * What the owner of something that is not made here has to do, because this stack cannot.
 */
export interface OwnerTask {
  /**
   * Id of the warning that tells of it, such as `SecureModelArtifactStore::ImportedTopic`. Acknowledge it once it is done.
   */
  readonly id: string;

  /**
   * What it is about, such as `the bucket acme-models`.
   */
  readonly resource: string;

  /**
   * What to set on it, one sentence each.
   */
  readonly settings: string[];

  /**
   * The statements to add to its policy; none if its policy has nothing to do with it. The stack has them as JSON in an output.
   */
  readonly policyStatements: iam.PolicyStatement[];

  /**
   * Id of the output that has what is to be added, within the construct that needs it.
   *
   * @default - there is nothing to add
   */
  readonly outputId?: string;
}

const tasks = new WeakMap<IConstruct, OwnerTask[]>();

/**
 * What is left to the owners of what exists already: buckets, keys, trails, topics, user pools and VPC endpoints that a store
 * was handed. This library changes none of them.
 */
export class OwnerTasks {
  /**
   * All tasks of a construct and of whatever is in it, in the order in which it was made. What depends on the order of
   * synthesis, such as grants that are given later, is in them once the app is synthesised.
   *
   * @param scope a store, a part of one, a stack or an app
   */
  public static of(scope: IConstruct): OwnerTask[] {
    return scope.node.findAll().flatMap((construct) => tasks.get(construct) ?? []);
  }

  private constructor() {}
}

export interface Telling extends Omit<OwnerTask, 'outputId'> {
  /** What it is for, in words that end a sentence: "before ...", "so that ...". */
  readonly why: string;
  /** Of the output, if there are statements; unique within the scope. */
  readonly outputId: string;
}

/** Tell what has to be done elsewhere: as a warning, as an output with the statements, and to whoever asks `OwnerTasks`. */
export function tellOwner(scope: Construct, telling: Telling): void {
  const { why, ...task } = telling;
  const { id, resource, settings, policyStatements, outputId } = task;
  const some = policyStatements.length > 0;
  recordTask(scope, { ...task, outputId: some ? outputId : undefined });
  if (some) {
    new CfnOutput(scope, outputId, {
      description: `Statements to add to the policy of ${resource}`,
      value: Stack.of(scope).toJsonString(policyStatements.map((statement) => statement.toStatementJson())),
    });
  }
  Validations.of(scope).addWarning(id, [
    `${capital(resource)} is not changed by this stack. ${capital(why)}, its owner has to do the following.`,
    ...some ? [`Add the statements of the output ${outputId} to its policy.`] : [],
    ...settings,
    'Acknowledge this warning once it is done.',
  ].join(' '));
}

/** For what has a warning and an output of its own. */
export function recordTask(scope: IConstruct, task: OwnerTask): void {
  tasks.set(scope, [...tasks.get(scope) ?? [], task]);
}

/** Whether something was made elsewhere, so that nothing that is added to it here arrives there. */
export function isImported(resource: IConstruct): boolean {
  return !Resource.isOwnedResource(resource);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Add statements to the policy of a key that is made in this app; tell the owner of any other. */
export function allowOnKey(
  scope: Construct, key: kms.IKey, statements: iam.PolicyStatement[], telling: Pick<Telling, 'resource' | 'why' | 'outputId'>,
): void {
  const added = statements.map((statement) => key.addToResourcePolicy(statement, true).statementAdded);
  if (added.includes(false)) {
    tellOwner(scope, { id: 'SecureModelArtifactStore::ImportedKey', settings: [], policyStatements: statements, ...telling });
  }
}
