import type { Caller } from './callers';
import type { IamWorld, PolicyDocument } from './iam-world';
import { filled, type Values } from './values';
import type { Action, Answer, Need } from '../../../access/matrix/matrix';
import { simulate, type SimulatedRequest, type SimulatedResult } from '../../../tools/iam-simulate';

/** What the second engine says about one cell: about everything that it needs, and about what the local AWS does not evaluate. */
export interface Evaluated {
  readonly all?: Answer;
  /** Undefined if the local AWS evaluates all of it. */
  readonly notLocal?: Answer;
  /** Why the engine cannot decide. */
  readonly problem?: string;
}

/**
 * The keys of every request over TLS that is signed in its headers. A key that AWS's service reference does not list for an action is
 * ignored by the engine.
 */
const REQUEST_CONTEXT = { 'aws:SecureTransport': 'true', 'aws:SourceIp': '203.0.113.10', 'aws:PrincipalIsAWSService': 'false' };
const S3_CONTEXT = { 's3:TlsVersion': '1.3', 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' };

/** Evaluates cells with policies of the synthesized templates. */
export class SecondEngine {
  constructor(private readonly world: IamWorld, private readonly values: Values) {}

  async evaluate(cells: readonly { readonly caller: Caller; readonly action: Action }[]): Promise<Evaluated[]> {
    const needs = cells.flatMap(({ caller, action }) => action.needs.map((need) => ({ caller, need })));
    const results = await simulate(needs.map(({ caller, need }) => this.request(caller, need)));
    let next = 0;
    return cells.map(({ action }) => {
      const own = action.needs.map((need) => ({ need, result: results[next++] }));
      const problem = own.map(({ need, result }) => result.error && `${need.may}: ${result.error}`).find(Boolean);
      if (problem !== undefined) {
        return { problem };
      }
      const notLocal = own.filter(({ need }) => need.local === false);
      return { all: together(own), notLocal: notLocal.length === 0 ? undefined : together(notLocal) };
    });
  }

  private request(caller: Caller, need: Need): SimulatedRequest {
    const { may, with: carried = {} } = filled({ may: need.may, with: need.with }, caller.values);
    const [action, resource] = may.split(' ');
    const byService = need.as !== undefined;
    return {
      principal: byService ? need.as : caller.arn,
      action,
      resource,
      account: this.values.account,
      context: {
        ...REQUEST_CONTEXT,
        ...(resource.startsWith('arn:aws:s3:') ? S3_CONTEXT : {}),
        ...(byService ? { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': need.as } : caller.context),
        ...carried,
      },
      identityPolicies: byService ? [] : caller.identityPolicies,
      sessionPolicy: byService ? undefined : caller.sessionPolicy,
      resourcePolicy: this.world.policyOn(action, resource) as PolicyDocument | undefined,
      blockPublicAccess: resource.startsWith('arn:aws:s3:') ? true : undefined,
    };
  }
}

function together(results: readonly { readonly result: SimulatedResult }[]): Answer {
  return results.every(({ result }) => result.result === 'Allowed') ? 'allowed' : 'denied';
}
