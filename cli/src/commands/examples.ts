import type { Command } from 'commander';

/** Examples in the help, by command. Tests run each of them. */
const EXAMPLES: { readonly [command: string]: readonly string[] } = {
  '': [
    'model-store push ./silero-vad silero-vad@1.0.0 --store models',
    'model-store promote silero-vad@1.0.0 production --reason "first release" --store models',
    'model-store pull silero-vad@production ./vad --store models',
    'model-store help pull',
  ],
  push: [
    'model-store push ./fraud fraud@1.4.0',
    'model-store push ./fraud fraud@1.4.0 --base 1.3.0 --metadata framework=torch --metadata git=4f2c1e9',
    'model-store push ./fraud fraud@1.4.0 --dry-run',
    'model-store push ./fraud fraud@1.4.0 --metadata run=4711 --keep-metadata',
    'model-store push llama-3.1-8b.gguf llama-3.1-8b@1.0',
    'model-store push ~/.cache/huggingface/hub/models--org--name/snapshots/4f2c1e9 name@4f2c1e9 --follow-links',
  ],
  import: [
    'model-store import s3://old-models/models --dry-run',
    'model-store import ./models --model fraud',
    'model-store import s3://old-models --layout "*/{model}/releases/v{version}" --staging /mnt/large',
    'model-store import ./fraud-releases --layout "{version}" --model fraud',
    'model-store import ./models --rename Fraud_Detector=fraud --rename Fraud_Detector@V1=fraud@1.0.0 --skip scratch',
  ],
  pull: [
    'model-store pull fraud@1.4.0 ./fraud',
    'model-store pull fraud@production',
    'model-store pull fraud@production ./fraud --exact',
    'model-store pull fraud@production ./fraud --json',
  ],
  list: [
    'model-store list',
    'model-store list fraud',
    'model-store list fraud --json',
  ],
  show: [
    'model-store show fraud@1.4.0',
    'model-store show fraud@production --json',
  ],
  promote: [
    'model-store promote fraud@1.4.0 production --reason "passed the backtest"',
    'model-store promote fraud@1.4.0 production --if-current 1.3.0',
    'model-store promote fraud@1.4.0 staging --if-absent',
    'model-store promote fraud@staging production --reason "passed in staging"',
  ],
  history: [
    'model-store history fraud production',
    'model-store history fraud@production --json',
  ],
  verify: [
    'model-store verify ./fraud',
    'model-store verify ./fraud --model fraud@1.4.0',
  ],
  login: [
    'model-store login --store models',
    'model-store login --url https://abc123.execute-api.eu-central-1.amazonaws.com/v1 '
      + '--issuer https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1 --client-id 1example23456789',
    'model-store login --store models --no-browser',
  ],
  logout: [
    'model-store logout --store models',
  ],
  completion: [
    'echo \'eval "$(model-store completion bash)"\' >> ~/.bashrc',
    'model-store completion bash > ~/.local/share/bash-completion/completions/model-store',
    'model-store completion zsh > ~/.zsh/completions/_model-store',
    'model-store completion fish > ~/.config/fish/completions/model-store.fish',
    'model-store completion powershell >> $PROFILE',
  ],
};

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}

/** Adds examples to the help of each command. Those of `audit` are next to its queries. */
export function addExamples(command: Command): void {
  const examples = EXAMPLES[pathOf(command)];
  if (examples !== undefined) {
    command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}\n`).join('')}`);
  }
  command.commands.forEach(addExamples);
}
