import { CfnOutput, Lazy, Resource, Stack, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { capitalized } from './capitalized';

/** What a required action consists of. */
interface ActionDetails {
  readonly id: string;
  readonly resource: string;
  readonly settings: string[];
  readonly policyStatements: iam.PolicyStatement[];
  readonly outputId?: string;
}

const actions = new WeakMap<IConstruct, RequiredAction[]>();

/**
 * An action required of the owner of an existing resource that a store uses: a bucket, key, trail, topic, user pool or
 * VPC endpoint. This library does not change such a resource.
 */
export class RequiredAction {
  /**
   * Returns all required actions of a construct and its children, in the order in which they were created. Actions that
   * come from later calls, such as grants, are included once the app is synthesized.
   *
   * @param scope a store, a part of a store, a stack or an app
   */
  public static of(scope: IConstruct): RequiredAction[] {
    return scope.node.findAll().flatMap((construct) => actions.get(construct) ?? []);
  }

  /** @internal */
  public static _record(scope: IConstruct, details: ActionDetails): void {
    actions.set(scope, [...actions.get(scope) ?? [], new RequiredAction(details)]);
  }

  /**
   * The ID of the warning that reports the action, such as `SecureModelArtifactStore::ImportedTopic`. Acknowledge the
   * warning once the action is done.
   */
  public readonly id: string;

  /** The resource that the action applies to, such as `the bucket acme-models`. */
  public readonly resource: string;

  /** The settings to change on the resource, one instruction each. */
  public readonly settings: string[];

  /** The statements to add to the resource's policy, if any. An output of the stack contains them as JSON. */
  public readonly policyStatements: iam.PolicyStatement[];

  /**
   * The ID of the output that contains the statements, within the construct that needs them; undefined if there are no
   * statements to add.
   */
  public readonly outputId?: string;

  private constructor({ id, resource, settings, policyStatements, outputId }: ActionDetails) {
    this.id = id;
    this.resource = resource;
    this.settings = settings;
    this.policyStatements = policyStatements;
    this.outputId = outputId;
  }
}

/** A required action, and the reason for it. */
export interface ActionRequest extends ActionDetails {
  /** The ID of the output, if there are statements; unique within the scope. */
  readonly outputId: string;
  /** The reason, as the start of a sentence: "before ...", "so that ...". */
  readonly why: string;
}

/** Reports a required action: as a warning, as an output with the statements, and through `RequiredAction`. */
export function requireAction(scope: Construct, request: ActionRequest): void {
  const { why, ...details } = request;
  const { id, resource, settings, policyStatements, outputId } = details;
  const some = policyStatements.length > 0;
  recordAction(scope, { ...details, outputId: some ? outputId : undefined });
  if (some) {
    const stack = Stack.of(scope);
    // Later calls may still add statements.
    new CfnOutput(scope, outputId, {
      description: `Statements to add to the policy of ${resource}`,
      value: Lazy.string({
        produce: () => stack.toJsonString(policyStatements.map((statement) => statement.toStatementJson())),
      }),
    });
  }
  Validations.of(scope).addWarning(id, [
    `This stack does not change ${resource}. ${capitalized(why)}, the owner must do the following.`,
    ...some ? [`Add the statements in the output ${outputId} to its policy.`] : [],
    ...settings,
    'Acknowledge this warning once it is done.',
  ].join(' '));
}

/** Records a required action that has its own warning and output. */
export function recordAction(scope: IConstruct, details: ActionDetails): void {
  RequiredAction._record(scope, details);
}

/** Whether a resource is imported, so that changes made to it in this app have no effect. */
export function isImported(resource: IConstruct): boolean {
  return !Resource.isOwnedResource(resource);
}

/** Adds statements to the policy of a key of this app, or reports them as a required action for an imported key. */
export function allowOnKey(
  scope: Construct, key: kms.IKey, statements: iam.PolicyStatement[],
  request: Pick<ActionRequest, 'resource' | 'why' | 'outputId'>,
): void {
  const added = statements.map((statement) => key.addToResourcePolicy(statement, true).statementAdded);
  if (added.includes(false)) {
    requireAction(scope, {
      id: 'SecureModelArtifactStore::ImportedKey', settings: [], policyStatements: statements, ...request,
    });
  }
}
