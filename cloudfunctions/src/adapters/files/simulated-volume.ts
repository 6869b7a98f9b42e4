import * as path from 'node:path';

type Random = (below: number) => number;
type Names = Map<string, Inode | 'folder'>;

const sectorLength = 512;

/** A file's bytes: what is there now, and how much of it a sync has made safe. Files only grow, or are cut. */
export class Inode {
  content = new Uint8Array(0);
  private syncedLength = 0;
  private cuts = 0;
  /** Where a failed sync has left bytes that the page cache shows and calls clean, and the disk never gets. */
  private lost: { readonly from: number; readonly to: number }[] = [];

  append(bytes: Uint8Array): void {
    const grown = new Uint8Array(this.content.length + bytes.length);
    grown.set(this.content, 0);
    grown.set(bytes, this.content.length);
    this.content = grown;
  }

  truncate(length: number): void {
    this.content = this.content.slice(0, length);
    this.syncedLength = this.content.length;
    this.lost = this.lost.filter((range) => range.from < length);
    this.cuts++;
  }

  /** What was written before this call is safe once the returned function ran; what is written meanwhile is not. */
  beginSync(): () => void {
    const length = this.content.length;
    const cuts = this.cuts;
    return () => {
      if (cuts === this.cuts) this.syncedLength = Math.max(this.syncedLength, length);
    };
  }

  /** As Linux does it: the pages that could not be written are marked clean, so the next sync says yes and writes nothing. */
  failSync(): void {
    this.lost.push({ from: this.syncedLength, to: this.content.length });
  }

  /** Of the unsynced sectors nothing, all, a prefix or any choice survives; a lost sector below the file's end reads as zeros. */
  losePower(random: Random): void {
    const whole = this.content;
    const safe = this.syncedLength;
    const mode = random(4);
    const length = mode === 0 ? safe : mode === 1 ? whole.length : safe + random(whole.length - safe + 1);
    const survived = whole.slice(0, length);
    if (mode === 3) {
      for (let at = safe; at < length; at = (Math.floor(at / sectorLength) + 1) * sectorLength) {
        const end = Math.min(length, (Math.floor(at / sectorLength) + 1) * sectorLength);
        if (random(2) === 0) survived.fill(0, at, end);
      }
    }
    for (const range of this.lost) survived.fill(0, range.from, range.to);
    this.content = survived;
    this.syncedLength = length;
    this.lost = [];
  }
}

/** Names and inodes. A change of a name waits in its folder until the folder is synced; a rename within a folder is one change. */
export class SimulatedVolume {
  private names: Names = new Map([['/', 'folder']]);
  private safeNames: Names = new Map([['/', 'folder']]);
  private waiting = new Map<string, ((names: Names) => void)[]>();

  constructor(private readonly random: Random) {}

  has(name: string): boolean {
    return this.names.has(name);
  }

  inodeOf(file: string): Inode {
    const found = this.names.get(file);
    if (found === undefined) throw errno('ENOENT');
    if (found === 'folder') throw errno('EISDIR');
    return found;
  }

  addFile(file: string): void {
    if (this.names.has(file)) throw errno('EEXIST');
    const inode = new Inode();
    this.change(file, (names) => names.set(file, inode));
  }

  addFolder(folder: string): boolean {
    if (this.names.has(folder)) return false;
    this.change(folder, (names) => names.set(folder, 'folder'));
    return true;
  }

  remove(file: string): void {
    if (this.names.has(file)) this.change(file, (names) => names.delete(file));
  }

  rename(from: string, to: string): void {
    if (path.dirname(from) !== path.dirname(to)) throw new Error('a rename between folders is not modelled');
    const inode = this.inodeOf(from);
    this.change(to, (names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  list(folder: string): string[] {
    const inside = [...this.names.keys()].filter((name) => name !== '/' && path.dirname(name) === folder);
    return inside.map((name) => path.basename(name)).sort();
  }

  beginFolderSync(folder: string): () => void {
    const changes = [...(this.waiting.get(folder) ?? [])];
    return () => {
      if (!this.names.has(folder)) throw errno('ENOENT');
      for (const change of changes) change(this.safeNames);
      const left = (this.waiting.get(folder) ?? []).filter((change) => !changes.includes(change));
      this.waiting.set(folder, left);
    };
  }

  losePower(): void {
    for (const changes of this.waiting.values()) {
      const mode = this.random(4);
      const prefix = this.random(changes.length + 1);
      changes.forEach((change, i) => {
        const survives = mode === 1 || (mode === 2 && i < prefix) || (mode === 3 && this.random(2) === 1);
        if (survives) change(this.safeNames);
      });
    }
    this.waiting.clear();
    for (const name of this.safeNames.keys()) if (!this.isReachable(name)) this.safeNames.delete(name);
    this.names = new Map(this.safeNames);
    for (const inode of new Set(this.names.values())) if (inode !== 'folder') inode.losePower(this.random);
  }

  private isReachable(name: string): boolean {
    for (let folder = path.dirname(name); folder !== '/'; folder = path.dirname(folder)) {
      if (this.safeNames.get(folder) !== 'folder') return false;
    }
    return true;
  }

  private change(name: string, apply: (names: Names) => void): void {
    const folder = path.dirname(name);
    if (this.names.get(folder) !== 'folder') throw errno('ENOENT');
    apply(this.names);
    this.waiting.set(folder, [...(this.waiting.get(folder) ?? []), apply]);
  }
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}
