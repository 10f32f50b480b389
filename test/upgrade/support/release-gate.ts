import { isDeepStrictEqual } from 'node:util';
import type { Template } from './configurations';
import type { RecordedRelease } from './recorded-release';
import { orderOf } from './versions';

export interface ReleaseCandidate {
  /** Templates with the current library, by the name of their configuration. */
  readonly templates: { readonly [configuration: string]: Template };
  /** The text of docs/upgrading.md. */
  readonly notes: string;
  /** The releases so far, in order. */
  readonly releasedVersions: readonly string[];
}

/** The reasons that block the next release, which must be compared with the last one and have notes on its changes. */
export function obstaclesToRelease(last: Pick<RecordedRelease, 'version' | 'templates'>, { templates, notes, releasedVersions }: ReleaseCandidate): string[] {
  const latest = releasedVersions.at(-1);
  if (latest === undefined || orderOf(latest) < orderOf(last.version)) {
    // The recorded version is not yet released, and is recorded again until then.
    return [];
  }
  if (orderOf(latest) > orderOf(last.version)) {
    return [`${latest} was released after ${last.version}: record it with \`npm run record-release -- ${latest}\``];
  }
  const changed = Object.keys(last.templates).filter((name) => !isDeepStrictEqual(last.templates[name], templates[name]));
  const newer = [...notes.matchAll(/^### (\d+\.\d+\.\d+)$/gm)].filter(([, version]) => orderOf(version) > orderOf(last.version));
  return changed.length === 0 || newer.length > 0 ? [] : [
    `the stack changed since ${last.version} (${changed.join(', ')}): say in docs/upgrading.md, under the version that brings it, what people will see`,
  ];
}
