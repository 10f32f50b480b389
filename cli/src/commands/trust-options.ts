import { Option } from 'commander';

/** Options of commands that check signatures. */
export interface TrustArguments {
  readonly key?: string;
  readonly allowUnsigned?: boolean;
}

export function keyOption(): Option {
  return new Option('--key <file>', 'public key to accept, PEM (or MODEL_STORE_KEY; default: remembered at first use)');
}

export function allowUnsignedOption(): Option {
  return new Option('--allow-unsigned', 'accept a version without a signature; an invalid signature is never accepted');
}
