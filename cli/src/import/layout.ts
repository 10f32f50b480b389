import { usageFailure } from '../runtime/failure';

export const DEFAULT_LAYOUT = '{model}/{version}';

/** The names of a version in the source, which need not be valid in the store. */
export interface FoundNames {
  /** Undefined if the layout has no `{model}`. */
  readonly model?: string;
  readonly version: string;
}

/**
 * The position of model and version in a path: `{model}` and `{version}` match a folder name or a part of one, `*`
 * matches any text within one name, and everything else is literal. The files are below the last folder of the layout.
 */
export class Layout {
  static parse(text: string): Layout {
    const folders = text.split('/');
    const placeholders: readonly string[] = text.match(/\{[^{}]*\}/g) ?? [];
    const unknown = placeholders.filter((placeholder) => placeholder !== '{model}' && placeholder !== '{version}');
    const problems = [
      ...unknown.map((placeholder) => `contains ${placeholder}; use {model} and {version} only`),
      ...(/[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? ['has an unmatched brace'] : []),
      ...(placeholders.includes('{version}') ? [] : ['does not contain {version}']),
      ...(folders.some((folder) => ['', '.', '..'].includes(folder))
        ? ['contains an empty folder, "." or "..", or starts or ends with "/"'] : []),
    ];
    if (problems.length > 0) {
      const details = problems.map((message) => ({ field: '--layout', message }));
      throw usageFailure(`${JSON.stringify(text)} is not a valid layout`, details,
        'Examples: {model}/{version}, {model}/releases/v{version}, or {version} together with --model.');
    }
    return new Layout(text);
  }

  /** The number of folders above the files of a version. */
  readonly depth: number;
  readonly hasModel: boolean;
  private readonly pattern: RegExp;

  private constructor(readonly text: string) {
    this.depth = text.split('/').length;
    this.hasModel = text.includes('{model}');
    const seen = new Set<string>();
    const pattern = text.replace(/\{(model|version)\}|\*|[^{}*]+/g, (piece, name: string | undefined) => {
      if (name === undefined) {
        return piece === '*' ? '[^/]*' : piece.replace(/[\\^$.|?+()[\]]/g, '\\$&');
      }
      const again = seen.has(name);
      seen.add(name);
      return again ? `\\k<${name}>` : `(?<${name}>[^/]+)`;
    });
    this.pattern = new RegExp(`^${pattern}$`, 's');
  }

  /** The prefix of all paths of a model; undefined if the layout does not determine it. */
  prefixOf(model: string): string | undefined {
    const [, before] = /^((?:[^{}*]+\/)?)\{model\}\//.exec(this.text) ?? [];
    return before === undefined ? undefined : `${before}${model}/`;
  }

  /** `folders` are the folder names from the source down to the files. */
  match(folders: readonly string[]): FoundNames | undefined {
    const found = folders.length === this.depth ? this.pattern.exec(folders.join('/'))?.groups : undefined;
    return found && { version: found.version, ...(found.model !== undefined && { model: found.model }) };
  }
}
