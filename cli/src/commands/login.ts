import { type Command, Option } from 'commander';
import { answer, examples, type Run, wholeNumber } from './context';
import { visibleText } from '../../../src/contract/visible-text';
import { EXIT } from '../runtime/failure';
import { signIn, type SignInOptions } from '../store/sign-in/sign-in';

export function addLogin(program: Command, run: Run): void {
  program.command('login')
    .description('sign in with a browser, for a store that uses Cognito')
    .option('--issuer <url>', 'issuer of the tokens; needed only with --url')
    .option('--client-id <id>', 'app client to sign in with; needed only with --url')
    .option('--no-browser', 'print the sign-in URL instead of opening a browser')
    .addOption(new Option('--timeout <seconds>', 'how long to wait for the sign-in, from 1 to 3600')
      .argParser(wholeNumber(1, 3_600, 'of seconds ')).default(300))
    .addHelpText('after', examples(
      'model-store login --store models',
      'model-store login --url https://abc123.execute-api.eu-central-1.amazonaws.com/v1 '
        + '--issuer https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1 --client-id 1example23456789',
      'model-store login --store models --no-browser',
    ))
    .action(async (options: SignInOptions, command: Command) => run(command, async (context) => {
      const signedIn = await signIn(context.environment, context.options, options);
      answer(context, signedIn, () => `${visibleText(`signed in to ${signedIn.url} as ${signedIn.user}`)}\n`);
      return EXIT.OK;
    }));
}
