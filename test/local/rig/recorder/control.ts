import type { RecordToDrop, TrailSettings } from './recorder';

/** Requests to the recorder itself, below a path that no bucket name can start with. */
export const CONTROL_PATH = '/_recorder/';
export const TOKEN_HEADER = 'x-recorder-token';

/** The commands for the recorder process. */
export interface RecorderSettings {
  readonly port: number;
  readonly target: string;
  readonly account: string;
  readonly region: string;
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly root: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Must be part of every command. */
  readonly token: string;
}

export interface Commands {
  readonly health: undefined;
  readonly start: TrailSettings;
  readonly drop: RecordToDrop;
  readonly flush: undefined;
}
