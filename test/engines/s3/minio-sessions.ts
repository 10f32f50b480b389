import type { EngineSite, FunctionIdentity } from './engine';
import { REGION } from './engine';
import type { PolicyDocument } from './session-policies';
import { startStsServer, stsFailure, type StsServer } from './sts-server';
import { LocalHttp } from '../../local/rig/local-http';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `Policy` */
const MAX_POLICY_CHARACTERS = 2_048;

/**
 * STS in front of the one in MinIO. MinIO opens and enforces the session, but rejects three things that AWS policies
 * can contain: conditions that end in `IfExists`, conditions on keys that an action never has, and KMS actions. So the
 * session policy is translated into an equivalent policy for MinIO; everything else is forwarded unchanged.
 */
export async function startMinioSessions(
  site: EngineSite,
  endpoint: string,
  functions: readonly FunctionIdentity[],
): Promise<StsServer> {
  const http = new LocalHttp(site.authorityFile);
  const server = await startStsServer({
    ...site,
    functions,
    open: async ({ credentials }, asked) => {
      const policy = asked.get('Policy');
      if (policy !== null && policy.length > MAX_POLICY_CHARACTERS) {
        return stsFailure(400, 'ValidationError');
      }
      if (policy !== null) {
        asked.set('Policy', JSON.stringify(translatedForMinio(JSON.parse(policy) as PolicyDocument)));
      }
      const { status, text } = await http.sendSigned(
        {
          method: 'POST',
          url: `${endpoint}/`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: asked.toString(),
        },
        credentials,
        'sts',
        REGION,
      );
      return { status, xml: text };
    },
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      http.close();
    },
  };
}

type Statement = PolicyDocument['Statement'][number];
type Condition = { readonly [operator: string]: { readonly [key: string]: unknown } };

/**
 * The only list action without a prefix condition:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const WITHOUT_PREFIX = 's3:ListBucketMultipartUploads';

function translatedForMinio({ Version, Statement: statements }: PolicyDocument): PolicyDocument {
  return {
    Version,
    Statement: statements
      .filter(({ Action }) => ![Action].flat().some((action) => action.startsWith('kms:')))
      .flatMap(withoutIfExists),
  };
}

/** Splits `IfExists` into two statements: the condition holds, or the key is absent. Drops keys an action never has. */
function withoutIfExists({ Condition: given, Action, ...statement }: Statement): Statement[] {
  const condition = given as Condition | undefined;
  const [operator, ...others] = Object.keys(condition ?? {});
  if (condition === undefined || !operator.endsWith('IfExists')) {
    return [{ ...statement, Action, Condition: given }];
  }
  const [key, ...otherKeys] = Object.keys(condition[operator]);
  if (others.length > 0 || key !== 's3:prefix' || otherKeys.length > 0) {
    throw new Error(`this condition cannot be put into words of MinIO: ${JSON.stringify(condition)}`);
  }
  const actions = [Action].flat();
  const conditional = actions.filter((action) => action !== WITHOUT_PREFIX);
  return [
    ...(conditional.length === 0
      ? []
      : [
        {
          ...statement,
          Action: conditional,
          Condition: { [operator.replace(/IfExists$/, '')]: condition[operator] },
        },
        { ...statement, Action: conditional, Condition: { Null: { [key]: 'true' } } },
      ]),
    ...(actions.includes(WITHOUT_PREFIX) ? [{ ...statement, Action: WITHOUT_PREFIX }] : []),
  ];
}
