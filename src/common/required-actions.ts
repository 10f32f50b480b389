import { CfnOutput, Resource, Stack, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';

/**
 * An action required of the owner of an imported resource, because this stack cannot change that resource.
 */
export interface OwnerTask {
  /**
   * The ID of the warning that reports the action, such as `SecureModelArtifactStore::ImportedTopic`. Acknowledge the
   * warning once the action is done.
   */
  readonly id: string;

  /**
   * The resource that the action applies to, such as `the bucket acme-models`.
   */
  readonly resource: string;

  /**
   * The settings to change on the resource, one instruction each.
   */
  readonly settings: string[];

  /**
   * The statements to add to the resource's policy, if any. An output of the stack contains them as JSON.
   */
  readonly policyStatements: iam.PolicyStatement[];

  /**
   * The ID of the output that contains the statements, within the construct that needs them.
   *
   * @default - there are no statements to add
   */
  readonly outputId?: string;
}

const tasks = new WeakMap<IConstruct, OwnerTask[]>();

/**
 * Actions required of the owners of existing resources that a store uses: buckets, keys, trails, topics, user pools and
 * VPC endpoints. This library does not change them.
 */
export class OwnerTasks {
  /**
   * Returns all required actions of a construct and its children, in the order in which they were created. Actions that
   * come from later calls, such as grants, are included once the app is synthesized.
   *
   * @param scope a store, a part of a store, a stack or an app
   */
  public static of(scope: IConstruct): OwnerTask[] {
    return scope.node.findAll().flatMap((construct) => tasks.get(construct) ?? []);
  }

  private constructor() {}
}

export interface Telling extends Omit<OwnerTask, 'outputId'> {
  /** The reason, as the start of a sentence: "before ...", "so that ...". */
  readonly why: string;
  /** The ID of the output, if there are statements; unique within the scope. */
  readonly outputId: string;
}

/** Reports a required action: as a warning, as an output with the statements, and through `OwnerTasks`. */
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
    `This stack does not change ${resource}. ${capital(why)}, its owner has to do the following.`,
    ...some ? [`Add the statements of the output ${outputId} to its policy.`] : [],
    ...settings,
    'Acknowledge this warning once it is done.',
  ].join(' '));
}

/** Records a required action that has its own warning and output. */
export function recordTask(scope: IConstruct, task: OwnerTask): void {
  tasks.set(scope, [...tasks.get(scope) ?? [], task]);
}

/** Whether a resource is imported, so that changes made to it in this app have no effect. */
export function isImported(resource: IConstruct): boolean {
  return !Resource.isOwnedResource(resource);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Adds statements to the policy of a key of this app, or reports them as a required action for an imported key. */
export function allowOnKey(
  scope: Construct, key: kms.IKey, statements: iam.PolicyStatement[],
  telling: Pick<Telling, 'resource' | 'why' | 'outputId'>,
): void {
  const added = statements.map((statement) => key.addToResourcePolicy(statement, true).statementAdded);
  if (added.includes(false)) {
    tellOwner(scope, { id: 'SecureModelArtifactStore::ImportedKey', settings: [], policyStatements: statements, ...telling });
  }
}
