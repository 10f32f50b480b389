import { execFile } from 'node:child_process';
import { publicTypes, submoduleNames, type TypeOfAssembly } from './assembly';
import { type CodeBlock, placeOf } from './documents';

/** What Python's own parser sees in a piece of code. */
export interface PythonTree {
  readonly error?: string;
  /** The code without its looks. */
  readonly dump?: string;
  /** Names that are imported from the library. */
  readonly imported: readonly string[];
  /** The calls to the library with their keyword names; methods as `.name`. */
  readonly calls: ReadonlyArray<readonly [string, readonly string[]]>;
}

const PARSE = `
import ast, json, sys
def look(text):
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return {"error": f"{error.msg} (line {error.lineno})", "imported": [], "calls": []}
    imported = [name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                and node.module == "secure_model_artifact_store" for name in node.names]
    calls = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in imported:
                calls.append([name, [keyword.arg for keyword in node.keywords if keyword.arg]])
    return {"dump": ast.dump(tree), "imported": imported, "calls": calls}
print(json.dumps([look(text) for text in json.load(sys.stdin)]))
`;

export async function parsePython(texts: readonly string[]): Promise<PythonTree[]> {
  return new Promise((resolve, reject) => {
    const python = execFile('python3', ['-c', PARSE], { maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as PythonTree[]);
    });
    python.stdin?.end(JSON.stringify(texts));
  });
}

/** The names that the Python package does not have, and text that Python cannot parse. */
export function problemsWithPython(block: CodeBlock, tree: PythonTree): string[] {
  const types = new Map(publicTypes().map((type) => [type.name, type]));
  const importable = new Set([...types.keys(), ...submoduleNames()]);
  const unknown = tree.imported.filter((name) => !importable.has(name)).map((name) => `secure_model_artifact_store has no ${name}`);
  const misnamed = tree.calls.flatMap(([name, keywords]) => {
    const type = types.get(name);
    const known = type ? keywordsOf(type, types) : [];
    return type ? keywords.filter((keyword) => !known.includes(keyword)).map((keyword) => `${name} has no ${keyword}`) : [];
  });
  return [...tree.error === undefined ? [] : [tree.error], ...unknown, ...misnamed].map((problem) => `${placeOf(block)}: ${problem}`);
}

/** By which keywords Python makes one: the parameters, and the properties of the last of them. */
function keywordsOf(type: TypeOfAssembly, types: ReadonlyMap<string, TypeOfAssembly>): string[] {
  if (type.datatype) return propertiesOf(type, types);
  const { parameters = [] } = type.initializer ?? {};
  return parameters.flatMap(({ name, type: reference }) => {
    const struct = types.get(String((reference as { fqn?: string }).fqn).split('.').pop() ?? '');
    return struct?.datatype ? propertiesOf(struct, types) : [snakeCase(name)];
  });
}

function propertiesOf(type: TypeOfAssembly, types: ReadonlyMap<string, TypeOfAssembly>): string[] {
  const inherited = (type.interfaces ?? []).flatMap((fqn) => {
    const base = types.get(fqn.split('.').pop() ?? '');
    return base ? propertiesOf(base, types) : [];
  });
  return [...inherited, ...(type.properties ?? []).map(({ name }) => snakeCase(name))];
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
