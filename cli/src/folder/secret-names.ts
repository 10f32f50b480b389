/** Files whose name says that they hold secrets. Paths in lower case; a "/" means that the folder must match too. */
const SECRET_FILES: readonly { readonly what: string; readonly names: RegExp }[] = [
  { what: 'a file of environment variables, such as passwords and tokens', names: /^\.env(\..+)?$/ },
  { what: 'an SSH private key', names: /^id_(rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss)$/ },
  { what: 'a store of private keys', names: /\.(p12|pfx|jks|keystore|ppk)$/ },
  { what: 'a file of passwords for curl and other tools', names: /^[._]netrc$/ },
  { what: 'a file of tokens for PyPI', names: /^\.pypirc$/ },
  { what: 'a file of passwords for Git', names: /^\.git-credentials$/ },
  { what: 'a file of AWS credentials', names: /\/\.aws\/credentials$/ },
  { what: 'a file of registry passwords for Docker', names: /^\.dockercfg$|\/\.docker\/config\.json$/ },
  { what: 'a file of Kubernetes credentials', names: /\/\.kube\/config$/ },
  { what: 'a file of Google Cloud credentials', names: /^application_default_credentials\.json$/ },
  { what: 'a Hugging Face token', names: /\/\.?huggingface\/(token|stored_tokens)$/ },
  { what: 'a Kaggle token', names: /^kaggle\.json$/ },
  { what: 'a file of database passwords', names: /^\.pgpass$/ },
  { what: 'a HashiCorp Vault token', names: /^\.vault-token$/ },
  { what: 'a file of Databricks tokens', names: /^\.databrickscfg$/ },
];

/** Templates without values, which belong in a repository. */
const TEMPLATE = /^\.env(\..+)?\.(example|sample|template)$/;

/** Why a file is refused because of its name; undefined if its name does not say that it holds a secret. */
export function secretName(path: string): string | undefined {
  const lower = `/${path.toLowerCase()}`;
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  const found = TEMPLATE.test(name) ? undefined
    : SECRET_FILES.find(({ names }) => names.test(name) || names.test(lower));
  return found && `is ${found.what}, going by its name`;
}
