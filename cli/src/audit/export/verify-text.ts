/** The key that signs an export, as far as a reader needs to know it. */
export interface SigningKey {
  readonly arn: string;
  readonly region: string;
  /** Of the signature: sha256, sha384 or sha512. */
  readonly hash: string;
}

export const PAGE_FILE = 'report.html';
export const SUMS_FILE = 'SHA256SUMS';
export const SIGNATURE_FILE = 'SHA256SUMS.sig';
export const PUBLIC_KEY_FILE = 'SHA256SUMS.pem';
export const VERIFY_FILE = 'VERIFY.txt';

const CHECKSUMS = `How to verify this export

Every file but the signature is listed in ${SUMS_FILE}. In this folder, run

  sha256sum --check ${SUMS_FILE}        (on macOS: shasum -a 256 --check ${SUMS_FILE})

evidence.sha256 lists the log files that were read. Where the report was made, or in a copy of the logs with the same
paths, run

  sha256sum --check evidence.sha256
`;

const UNSIGNED = `
This export is not signed: the checksums show damage, not who wrote them.
`;

/** Instructions for a reader who has standard tools only. */
export function verifyText(key: SigningKey | undefined): string {
  return key === undefined ? CHECKSUMS + UNSIGNED : `${CHECKSUMS}
${SUMS_FILE} was signed with the KMS key
${key.arn}

  openssl dgst -${key.hash} -verify ${PUBLIC_KEY_FILE} -signature ${SIGNATURE_FILE} ${SUMS_FILE}

${PUBLIC_KEY_FILE} is the public key of that KMS key. To compare it with the key in AWS, run

  aws kms get-public-key --region ${key.region} --key-id ${key.arn} \\
    --query PublicKey --output text | base64 --decode | openssl pkey -pubin -inform DER
`;
}
