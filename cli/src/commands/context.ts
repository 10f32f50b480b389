import { type Command, InvalidArgumentError, Option } from 'commander';
import { type GlobalOptions, progressStyle, reportFailure, writeJson } from './terminal';
import { requireNothingEmpty } from './usage';
import { didYouMean } from '../runtime/did-you-mean';
import type { Environment } from '../runtime/environment';
import { createProgress, type Progress, reportLongWaits } from '../runtime/progress';
import { locateStore } from '../store/locate';
import { StoreClient } from '../store/store-client';
import { rememberStore } from '../store/store-identity';

/** What a command works with. */
export interface CommandContext {
  readonly environment: Environment;
  readonly options: GlobalOptions;
  readonly progress: Progress;
  /** Locates the store on first use. */
  client(): Promise<StoreClient>;
}

/** Runs the work of a command, which returns its exit code, and reports its failure. */
export type Run = (command: Command, work: (context: CommandContext) => Promise<number>) => Promise<void>;

export function runIn(given: Environment, ended: (exitCode: number) => void): Run {
  return async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const progress = createProgress(progressStyle(given, options), given);
    const environment = {
      ...given, tryingAgain: reportLongWaits(progress, given), warn: (line: string) => progress.note(line),
    };
    const client = async () => {
      const store = await locateStore(environment, options);
      return new StoreClient(environment, await rememberStore(store, (line) => progress.note(line)));
    };
    try {
      requireNothingEmpty(command);
      ended(await work({ environment, options, progress, client }));
    } catch (error) {
      progress.stop();
      ended(reportFailure(environment, error, options));
    } finally {
      environment.http.close();
    }
  };
}

/** Prints a result: with `--json` as one document, otherwise as text. */
export function answer({ environment, options }: CommandContext, result: unknown, text: () => string): void {
  if (options.json) {
    writeJson(environment, result);
  } else {
    environment.stdout.write(text());
  }
}

/** Examples at the end of a command's help. Tests parse each of them. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}

/** Collects a repeatable option. The command parses all values together, to report all problems at once. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

export function wholeNumber(from: number, to: number, unit = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new InvalidArgumentError(`Must be a whole number ${unit}from ${from} to ${to}.`);
    }
    return value;
  };
}

/** Accepts one of a few names. */
export function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    if (!names.includes(text as Name)) {
      const suggestion = didYouMean(text, names);
      throw new InvalidArgumentError(
        `Must be one of ${names.join(', ')}.${suggestion === undefined ? '' : ` ${suggestion}`}`);
    }
    return text as Name;
  };
}

export function concurrencyOption(): Option {
  return new Option('--concurrency <number>', 'concurrent transfers, from 1 to 64')
    .argParser(wholeNumber(1, 64)).default(8);
}
