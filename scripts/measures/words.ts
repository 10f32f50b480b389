import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './imports';

export interface Phrase {
  readonly instead: string;
  readonly pattern: RegExp;
}

/** Phrases to avoid, and the replacements: see "How we write" in CONTRIBUTING.md. */
export const PHRASES: readonly Phrase[] = [
  {
    instead: '"is not a valid …", "invalid …", "unknown …"',
    pattern: /(?<!\b[Tt]here )\bis no (?!longer\b|more\b|other\b)\w+/g,
  },
  { instead: 'reports, logs, warns, lists, shows', pattern: /\b(?:tells?|told|telling)\b/gi },
  {
    instead: 'a caller, a user, a principal; "only administrators can …"', pattern: /\b(?:somebody|whoever|nobody)\b/gi,
  },
  {
    instead: 'own, dedicated, custom',
    pattern: /\bof (?:its|their|our|ours|theirs|his|her|your|one's) own\b|\bof (?:ours|theirs)\b/gi,
  },
  { instead: 'for these days, on 2026-11-01', pattern: /\bof (?:these days|20\d\d-\d\d-\d\d)/gi },
  { instead: '"Threshold above which …"', pattern: /\bFrom (?:how much|where) on\b/gi },
  { instead: 'MFA', pattern: /\bsecond factors?\b/gi },
  {
    instead: 'also, again, identical, bypassing the API, conflicting',
    pattern: /\b(?:besides|anew|the very same|past the API|files in the way)\b/gi,
  },
  { instead: 'is, has', pattern: /\bbears\b|\b(?:lies|lie|lay) (?:in|at|below|there)\b/gi },
  { instead: 'egress', pattern: /\bwhat left\b/gi },
  { instead: 'downloads', pattern: /\b(?:takes?|took) (?:the |a |which )?models?\b/gi },
  { instead: 'presigned URL', pattern: /(?<!symbolic |hard |Symbolic |follow-)\blinks?\b(?!\]|\()/gi },
  { instead: 'named query, query', pattern: /\bquestions?\b/gi },
];

export interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly instead: string;
}

/** Returns comments and strings of TypeScript, comments of SQL and all lines of Markdown. */
function proseOf(file: string, text: string): { readonly line: number; readonly text: string }[] {
  const lines = text.split('\n');
  if (file.endsWith('.md')) {
    return lines.map(
      (each, index) => ({ line: index + 1, text: each.replace(/\]\([^)]*\)/g, '](…)').replace(/`[^`]*`/g, '`…`') }),
    );
  }
  if (file.endsWith('.sql')) {
    return lines.flatMap(
      (each, index) => (each.includes('--') ? [{ line: index + 1, text: each.slice(each.indexOf('--')) }] : []),
    );
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const spans = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    [ts.getLeadingCommentRanges, ts.getTrailingCommentRanges].forEach((rangesOf, index) => {
      rangesOf(text, index === 0 ? node.getFullStart() : node.getEnd())?.forEach(({ pos, end }) => spans.set(pos, end));
    });
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    // A string without spaces is a name, not prose.
    if (isText && / /.test(node.text)) {
      spans.set(node.getStart(), node.getEnd());
    }
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...spans].flatMap(([start, end]) => {
    const first = source.getLineAndCharacterOfPosition(start).line;
    return text.slice(start, end).split('\n').map((each, index) => ({
      line: first + index + 1,
      text: each.replace(/`[^`]*`/g, '`…`').replace(/https?:\S+/g, '').replace(/\{@link/g, ''),
    }));
  });
}

export function phrasesIn(files: readonly string[]): Found[] {
  return files.flatMap((file) => proseOf(
    file, fs.readFileSync(path.join(ROOT, file), 'utf8'),
  ).flatMap(({ line, text }) =>
    PHRASES.flatMap(({ instead, pattern }) => (
      [...text.matchAll(pattern)].map(([found]) => ({ file, line, text: found, instead }))))));
}
