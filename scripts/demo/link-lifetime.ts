import {
  LambdaClient, ListFunctionsCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { ENV } from '../../src/contract/environment';
import { clientConfiguration } from '../../test/local/rig/clients';
import type { LocalStore } from '../../test/local/rig/local-store';

/**
 * Does the work while the store's functions give out links of another lifetime, as an operator could set it, and sets it
 * back. Nobody wants to wait for the default of minutes.
 */
export async function withLinkLifetime<T>(store: LocalStore, seconds: number, work: () => Promise<T>): Promise<T> {
  const lambda = new LambdaClient(clientConfiguration(store.localAws, store.localAws.root));
  try {
    const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const giving = functions.filter(({ Environment: environment }) => environment?.Variables?.[ENV.LINK_SECONDS] !== undefined);
    const before = giving.map(({ FunctionName: name, Environment: environment }) => ({ name: name!, variables: environment!.Variables! }));
    try {
      await Promise.all(before.map(async ({ name, variables }) =>
        setVariables(lambda, name, { ...variables, [ENV.LINK_SECONDS]: String(seconds) })));
      return await work();
    } finally {
      await Promise.all(before.map(async ({ name, variables }) => setVariables(lambda, name, variables)));
    }
  } finally {
    lambda.destroy();
  }
}

async function setVariables(lambda: LambdaClient, name: string, variables: Record<string, string>): Promise<void> {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables: variables } }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 600 }, { FunctionName: name });
}
