import * as path from 'node:path';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';
import { runCommand } from '../local/rig/run-command';

const SCRIPT = `
import json, sys
from ocsf_json_schema import get_ocsf_schema, OcsfJsonSchemaEmbedded
schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=sys.argv[1]))
print(json.dumps(schema.get_class_schema(class_name=schema.lookup_class_name_from_uid(int(sys.argv[2])), profiles=[])))
`;

/** The JSON schema of a class of events in a version of OCSF, which allows no other attributes. */
export async function ocsfSchema(version: string, classUid: number): Promise<object> {
  const { python } = await ensurePython(() => undefined, {
    what: 'the schema of OCSF', folder: path.join(LOCAL_AWS_FOLDER, 'ocsf'), requirementsFile: path.join(__dirname, 'ocsf-requirements.txt'),
  });
  return JSON.parse((await runCommand(python, ['-c', SCRIPT, version, String(classUid)])).stdout) as object;
}
