/** A record of CloudTrail, or a part of one, as JSON.parse gives it. */
export type JsonObject = { readonly [field: string]: unknown };
