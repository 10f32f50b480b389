import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { EXIT } from '../runtime/failure';
import { signOut } from '../store/sign-in/sign-in';

export function addLogout(program: Command, run: Run): void {
  program.command('logout')
    .description('sign out of a store: revoke and delete the saved sign-in')
    .addHelpText('after', examples('model-store logout --store models'))
    .action(async (_options: object, command: Command) => run(command, async (context) => {
      const result = await signOut(context.environment, context.options);
      if (!result.signedOut) {
        answer(context, result, () => `not signed in to ${result.url}\n`);
        return EXIT.OK;
      }
      const { copiesWork, ...signedOut } = result;
      const warning = copiesWork
        ? '; the identity provider does not support revocation, so a copy of the sign-in works until it expires' : '';
      answer(context, signedOut, () => `signed out of ${result.url}${warning}\n`);
      return EXIT.OK;
    }));
}
