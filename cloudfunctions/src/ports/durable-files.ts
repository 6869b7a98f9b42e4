/**
 * The file system as far as durability depends on it. A write is durable only after `sync` of its file, and a new, renamed or
 * removed name only after `syncFolder` of its folder. The power-loss model (adapters/files/power-loss-files.ts) implements the
 * same port and drops everything that was not synced: deleting any one sync makes a test fail.
 */
export interface DurableFiles {
  /** Creates a file that must not exist. */
  create(path: string): Promise<DurableFile>;
  /** Opens for appending; creates the file where it is missing. */
  append(path: string): Promise<DurableFile>;
  read(path: string): Promise<Uint8Array>;
  /** Reads `length` bytes from `offset`; shorter where the file ends. */
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
  size(path: string): Promise<number | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** Cuts a file to `length` bytes and syncs it. */
  truncate(path: string, length: number): Promise<void>;
  /** No error where it is already gone. */
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty where the folder is missing. */
  list(folder: string): Promise<string[]>;
  /** Creates the folder and its parents, durably (each new name synced in its parent). */
  makeFolder(folder: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
  /** Bytes free for us on the volume of `folder`. */
  freeBytes(folder: string): Promise<number>;
}

export interface DurableFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
