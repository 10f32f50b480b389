import type { EngineSite, FunctionIdentity } from './engine';
import { REGION } from './engine';
import type { PolicyDocument } from './session-policies';
import { startStsServer, stsFailure, type StsServer } from './sts-server';
import { LocalHttp } from '../../local/rig/local-http';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `Policy` */
const MAX_POLICY_CHARACTERS = 2_048;

/**
 * STS in front of MinIO's own. MinIO opens and enforces the session, but refuses two things that AWS's policies may hold: conditions
 * that end in `IfExists`, and AWS's KMS actions. So the session policy is put into words that MinIO knows and that say the same; all
 * else goes through as it came.
 */
export async function startMinioSessions(
  site: EngineSite, endpoint: string, functions: readonly FunctionIdentity[],
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
      const { status, text } = await http.sendSigned({
        method: 'POST', url: `${endpoint}/`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: asked.toString(),
      }, credentials, 'sts', REGION);
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

export function inWordsOfMinio({ Version, Statement: statements }: PolicyDocument): PolicyDocument {
  return {
    Version,
    Statement: statements
      .filter(({ Action }) => ![Action].flat().some((action) => action.startsWith('kms:')))
      .flatMap(withoutIfExists),
  };
}

/** "Like this, if there is one" is "like this" or "there is none". */
function withoutIfExists(statement: Statement): Statement[] {
  const condition = statement.Condition as { readonly [operator: string]: { readonly [key: string]: unknown } } | undefined;
  const [operator, ...others] = Object.keys(condition ?? {});
  if (condition === undefined || !operator.endsWith('IfExists')) {
    return [statement];
  }
  const keys = Object.keys(condition[operator]);
  if (others.length > 0 || keys.length !== 1) {
    throw new Error(`this condition cannot be put into words of MinIO: ${JSON.stringify(condition)}`);
  }
  return [
    { ...statement, Condition: { [operator.replace(/IfExists$/, '')]: condition[operator] } },
    { ...statement, Condition: { Null: { [keys[0]]: 'true' } } },
  ];
}
