import { quotedText } from './visible-text';

/** Two names with the same comparison key cannot both exist in a folder of a case-insensitive file system. */
function comparisonKey(name: string): string {
  return name.toUpperCase().toLowerCase().normalize('NFC');
}

/** Numbers each path and each of its folders; those that a file system without letter case confuses get the same. */
class Numbering {
  private readonly numbers = new Map<string, number>();

  /** The numbers of the folders of a path, from the top, and of the path itself. */
  of(path: string): number[] {
    let number = 0;
    return path.split('/').map((segment) => {
      const key = `${number}/${comparisonKey(segment)}`;
      number = this.numbers.get(key) ?? this.numbers.size + 1;
      this.numbers.set(key, number);
      return number;
    });
  }
}

/**
 * Describes the paths that cannot exist together with an earlier one on a file system that ignores case, by index: the
 * same path, a folder that is also a file, and, once for each spelling, a folder that has another spelling. Undefined
 * paths are skipped. The work grows with the length of all paths together.
 */
export function clashes(paths: readonly (string | undefined)[]): Map<number, string> {
  const problems = new Map<number, string>();
  const numbering = new Numbering();
  const fileOf = new Map<number, string>();
  const valid = [...paths.entries()].filter((entry): entry is [number, string] => entry[1] !== undefined);
  for (const [index, path] of valid) {
    const number = numbering.of(path).at(-1)!;
    const twin = fileOf.get(number);
    if (twin === undefined) {
      fileOf.set(number, path);
    } else {
      problems.set(index, twin === path ? 'occurs twice' : `differs from ${quotedText(twin)} only by case`);
    }
  }
  const folderOf = new Map<number, string>();
  const reported = new Set<string>();
  for (const [index, path] of valid.filter(([each]) => !problems.has(each))) {
    const problem = folderProblem(path, numbering.of(path), { fileOf, folderOf, reported });
    if (problem !== undefined) {
      problems.set(index, problem);
    }
  }
  return problems;
}

interface Known {
  readonly fileOf: ReadonlyMap<number, string>;
  /** The first spelling of each folder. */
  readonly folderOf: Map<number, string>;
  /** Spellings that are already reported. */
  readonly reported: Set<string>;
}

function folderProblem(path: string, numbers: readonly number[], known: Known): string | undefined {
  let slash = -1;
  for (const number of numbers.slice(0, -1)) {
    slash = path.indexOf('/', slash + 1);
    const folder = path.slice(0, slash);
    const file = known.fileOf.get(number);
    if (file !== undefined) {
      return `needs ${quotedText(file)} to be a folder, but it is a file`;
    }
    const twin = known.folderOf.get(number) ?? folder;
    known.folderOf.set(number, twin);
    if (twin !== folder) {
      if (known.reported.has(folder)) {
        return undefined;
      }
      known.reported.add(folder);
      return `is in ${quotedText(folder)}, which differs from the folder ${quotedText(twin)} only by case`;
    }
  }
  return undefined;
}
