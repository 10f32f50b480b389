import * as render from './render';
import { type GlobalOptions, progressStyle, tellFailure, writeJson } from './terminal';
import { recordedManifest, verify as verifyFolder } from '../folder/verify';
import type { Environment } from '../runtime/environment';
import { EXIT, usageFailure } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import { createProgress, type Progress, tellLongWaits } from '../runtime/progress';
import { locateStore } from '../store/locate';
import { parseMetadata } from '../store/metadata';
import { parseReference, requireNames } from '../store/reference';
import * as registry from '../store/registry';
import { StoreClient } from '../store/store-client';
import { pull as pullVersion } from '../transfer/pull';
import { push as pushFolder } from '../transfer/push';

export interface CommandContext {
  readonly environment: Environment;
  readonly options: GlobalOptions;
  readonly progress: Progress;
  /** Locates the store on first use. */
  client(): Promise<StoreClient>;
}

export async function withContext(
  given: Environment, options: GlobalOptions, work: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const progress = createProgress(progressStyle(given, options), given);
  const environment = {
    ...given, tryingAgain: tellLongWaits(progress, given), warn: (line: string) => progress.note(line),
  };
  try {
    const client = async () => new StoreClient(environment, await locateStore(environment, options));
    return await work({ environment, options, progress, client });
  } catch (error) {
    progress.stop();
    return tellFailure(environment, error, options);
  } finally {
    environment.http.close();
  }
}

export function answer(context: CommandContext, result: unknown, text: () => string): void {
  if (context.options.json) {
    writeJson(context.environment, result);
  } else {
    context.environment.stdout.write(text());
  }
}

export interface PushArguments {
  readonly metadata?: readonly string[];
  readonly keepMetadata?: boolean;
  readonly base?: string;
  readonly dryRun?: boolean;
  readonly followLinks?: boolean;
  readonly concurrency: number;
}

export async function push(
  context: CommandContext, folder: string, text: string, options: PushArguments,
): Promise<number> {
  const { model, name: version } = parseReference(text, 'version');
  if (options.base !== undefined) {
    requireNames({ base: options.base });
  }
  const metadata = parseMetadata(options.metadata);
  const result = await pushFolder({ ...context, client: await context.client() }, {
    folder: expandHome(folder, context.environment),
    model,
    version,
    metadata,
    keepMetadata: options.keepMetadata ?? false,
    base: options.base,
    dryRun: options.dryRun ?? false,
    followLinks: options.followLinks ?? false,
    concurrency: options.concurrency,
  });
  answer(context, result, () => render.pushed(result));
  return EXIT.OK;
}

export interface PullArguments {
  readonly force?: boolean;
  readonly exact?: boolean;
  readonly concurrency: number;
}

export async function pull(
  context: CommandContext, text: string, given: string | undefined, options: PullArguments,
): Promise<number> {
  const reference = parseReference(text, 'version or alias');
  // Like "git clone", which names a folder after its repository.
  const folder = given === undefined ? reference.model : expandHome(given, context.environment);
  const result = await pullVersion({ ...context, client: await context.client() }, {
    reference, folder, force: options.force ?? false, exact: options.exact ?? false, concurrency: options.concurrency,
  });
  answer(context, result, () => render.pulled(result));
  return EXIT.OK;
}

export async function list(context: CommandContext, model: string | undefined): Promise<number> {
  if (model === undefined) {
    const models = await registry.listModels(await context.client());
    answer(context, { models }, () => models.map((name) => `${name}\n`).join(''));
    return EXIT.OK;
  }
  requireNames({ model });
  const listing = await registry.listVersions(await context.client(), model);
  answer(context, listing, () => render.versions(listing, context.environment.stdout.isTTY ?? false));
  return EXIT.OK;
}

export async function show(context: CommandContext, text: string): Promise<number> {
  const reference = parseReference(text, 'version or alias');
  const shown = await registry.show(await context.client(), reference);
  answer(context, shown, () => render.shown(shown));
  return EXIT.OK;
}

export interface PromoteArguments {
  readonly reason?: string;
  readonly ifCurrent?: string;
  readonly ifAbsent?: boolean;
  readonly ifRevision?: string;
}

export async function promote(
  context: CommandContext, text: string, alias: string, options: PromoteArguments,
): Promise<number> {
  const reference = parseReference(text, 'version or alias');
  requireNames({ alias, ...(options.ifCurrent !== undefined && { version: options.ifCurrent }) });
  const moved = await registry.promote(await context.client(), { reference, alias, ...options });
  answer(context, moved, () => render.promoted(moved));
  return EXIT.OK;
}

export async function history(
  context: CommandContext, model: string, alias: string | undefined,
): Promise<number> {
  const reference = parseReference(alias === undefined ? model : `${model}@${alias}`, 'alias');
  const moves = await registry.history(await context.client(), reference.model, reference.name);
  const result = { model: reference.model, alias: reference.name, history: moves };
  answer(context, result, () => render.history(moves, context.environment.stdout.isTTY ?? false));
  return EXIT.OK;
}

export interface VerifyArguments {
  readonly model?: string;
}

export async function verify(context: CommandContext, given: string, options: VerifyArguments): Promise<number> {
  const folder = expandHome(given, context.environment);
  const manifest = options.model === undefined
    ? await recordedManifest(folder)
    : (await registry.show(await context.client(), parseReference(options.model, 'version or alias'))).manifest;
  const result = await verifyFolder(context, folder, manifest);
  answer(context, result, () => render.verified(result));
  return result.ok ? EXIT.OK : EXIT.VERIFICATION;
}

export function auditedModel(
  question: string, of: string | undefined,
): { readonly model?: string; readonly version?: string } {
  if (of === undefined) {
    return {};
  }
  if (question !== 'custody') {
    throw usageFailure(`--of applies only to "custody"; "${question}" covers all models`);
  }
  if (!of.includes('@')) {
    requireNames({ model: of });
    return { model: of };
  }
  const { model, name } = parseReference(of, 'version');
  return { model, version: name };
}
