import type { EngineSite, FunctionIdentity } from './engine';
import { REGION } from './engine';
import type { PolicyDocument } from './session-policies';
import { startStsServer, stsFailure, type StsServer } from './sts-server';
import { LocalHttp } from '../../local/rig/local-http';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `Policy` */
const MAX_POLICY_CHARACTERS = 2_048;

/**
 * STS in front of MinIO's own. MinIO opens and enforces the session, but refuses three things that AWS's policies may
 * hold: conditions that end in `IfExists`, conditions on keys that an action never has, and AWS's KMS actions. So the
 * session policy is put into words that MinIO knows and that say the same; all else goes through as it came.
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
        asked.set('Policy', JSON.stringify(inWordsOfMinio(JSON.parse(policy) as PolicyDocument)));
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
 * Of the listings, only this one knows no prefix:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const WITHOUT_PREFIX = 's3:ListBucketMultipartUploads';

function inWordsOfMinio({ Version, Statement: statements }: PolicyDocument): PolicyDocument {
  return {
    Version,
    Statement: statements
      .filter(({ Action }) => ![Action].flat().some((action) => action.startsWith('kms:')))
      .flatMap(withoutIfExists),
  };
}

/** "Like this, if there is one" is "like this" or "there is none"; and where there never is one, it is no condition. */
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
