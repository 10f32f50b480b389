import { usageFailure } from '../runtime/failure';

export const DEFAULT_LAYOUT = '{model}/{version}';

/** What a place is called where it lies; whether the store allows such names is another question. */
export interface FoundNames {
  /** Not given by a layout without `{model}`. */
  readonly model?: string;
  readonly version: string;
}

/**
 * Where model and version stand in a path: `{model}` and `{version}` are each a folder's name or a part of one, `*` is any
 * text of one name, everything else stands for itself. What lies below the last folder of the layout are the files.
 */
export class Layout {
  static parse(text: string): Layout {
    const folders = text.split('/');
    const placeholders: readonly string[] = text.match(/\{[^{}]*\}/g) ?? [];
    const unknown = placeholders.filter((placeholder) => placeholder !== '{model}' && placeholder !== '{version}');
    const problems = [
      ...unknown.map((placeholder) => `has ${placeholder} in it; there are {model} and {version}`),
      ...(/[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? ['has a brace without its other half'] : []),
      ...(placeholders.includes('{version}') ? [] : ['does not say where the {version} stands']),
      ...(folders.some((folder) => ['', '.', '..'].includes(folder)) ? ['has an empty folder, "." or ".." in it, or "/" at an end'] : []),
    ];
    if (problems.length > 0) {
      throw usageFailure(`${JSON.stringify(text)} is no layout`, problems.map((message) => ({ field: '--layout', message })),
        'It looks like {model}/{version}, or {model}/releases/v{version}, or {version} together with --model.');
    }
    return new Layout(text);
  }

  /** How many folders lead to the files of a version. */
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

  /** What every path of a model begins with; undefined if that cannot be said before looking. */
  prefixOf(model: string): string | undefined {
    const [, before] = /^((?:[^{}*]+\/)?)\{model\}\//.exec(this.text) ?? [];
    return before === undefined ? undefined : `${before}${model}/`;
  }

  /** `folders` are the names from the source down to where files may begin. */
  match(folders: readonly string[]): FoundNames | undefined {
    const found = folders.length === this.depth ? this.pattern.exec(folders.join('/'))?.groups : undefined;
    return found && { version: found.version, ...(found.model !== undefined && { model: found.model }) };
  }
}
