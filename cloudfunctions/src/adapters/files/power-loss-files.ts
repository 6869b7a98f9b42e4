import * as path from 'node:path';
import type { DurableFile, DurableFiles } from '../../ports/durable-files';
import { fileProblem } from './file-problem';
import { makeFolderDurably } from './make-folder';
import { SimulatedVolume } from './simulated-volume';

/** Thrown by every operation after the process or the power was cut. */
export class PowerCut extends Error {
  constructor() {
    super('the process has ended');
    this.name = 'PowerCut';
  }
}

type OperationKind = 'create' | 'write' | 'sync' | 'syncFolder' | 'rename' | 'truncate' | 'remove' | 'read';

export interface MountOptions {
  /** Asked at every sync with its call site ("durable-log.ts:90:20"); false leaves the sync out, as if someone had deleted it. */
  readonly shouldSync?: (callSite: string) => boolean;
}

/**
 * A disk in memory that forgets what was not synced. Processes come and go with `mount`; between two of them either only the
 * process ended (`endProcess`: the operating system still has every write) or the power went (`losePower`).
 */
export interface PowerLossDisk {
  mount(options?: MountOptions): DurableFiles;
  endProcess(): void;
  losePower(): void;
  /** The process ends at the operation after the next `operations`. */
  cutAfter(operations: number): void;
  /** Lets the `nth` operation of this kind from now on fail with an errno name; a write then leaves half of its bytes, a sync none of them. */
  failNth(kind: OperationKind, nth: number, code: 'ENOSPC' | 'EIO'): void;
  setFreeBytes(bytes: number): void;
  readonly operations: number;
  /** The process has come to the operation at which it ends. */
  readonly isCut: boolean;
}

/** @param random whole numbers 0 … below-1; seeded, so that a failing history can be played again */
export function createPowerLossDisk(random: (below: number) => number): PowerLossDisk {
  const volume = new SimulatedVolume(random);
  let life = 0;
  let operations = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  let freeBytes = 2 ** 40;
  let faults: { kind: OperationKind; left: number; code: 'ENOSPC' | 'EIO' }[] = [];

  function endProcess(): void {
    life++;
    cutAt = Number.POSITIVE_INFINITY;
    faults = [];
  }

  function faultOf(kind: OperationKind): 'ENOSPC' | 'EIO' | undefined {
    for (const fault of faults) if (fault.kind === kind) fault.left--;
    const due = faults.find((fault) => fault.left <= 0);
    faults = faults.filter((fault) => fault !== due);
    return due?.code;
  }

  function mount(options: MountOptions = {}): DurableFiles {
    const own = life;

    /** `begin` runs now, `act` some turns later: concurrent operations mix in every order, and a cut falls between the two. */
    async function operate<T>(kind: OperationKind, file: string, act: (fault: string | undefined) => T): Promise<T> {
      const alive = () => {
        if (own !== life || operations >= cutAt) throw new PowerCut();
      };
      alive();
      for (let turns = random(4); turns > 0; turns--) await Promise.resolve();
      alive();
      operations++;
      const fault = faultOf(kind);
      try {
        if (fault !== undefined && kind !== 'write' && kind !== 'sync')
          throw Object.assign(new Error(fault), { code: fault });
        return act(fault);
      } catch (error) {
        throw fileProblem(kind, file, error);
      }
    }

    function handleOf(file: string): DurableFile {
      const inode = volume.inodeOf(file);
      return {
        write: (bytes) =>
          operate('write', file, (fault) => {
            inode.append(fault === undefined ? bytes : bytes.subarray(0, bytes.length >> 1));
            if (fault !== undefined) throw Object.assign(new Error(fault), { code: fault });
          }),
        sync: () => {
          const isWanted = options.shouldSync?.(callSite()) ?? true;
          const complete = inode.beginSync();
          return operate('sync', file, (fault) => {
            if (fault !== undefined) {
              inode.failSync();
              throw Object.assign(new Error(fault), { code: fault });
            }
            if (isWanted) complete();
          });
        },
        close: async () => undefined,
      };
    }

    function syncFolder(folder: string): Promise<void> {
      const isWanted = options.shouldSync?.(callSite()) ?? true;
      const complete = volume.beginFolderSync(folder);
      return operate('syncFolder', folder, () => (isWanted ? complete() : undefined));
    }

    const known = new Set<string>();
    return {
      create: (file) => operate('create', file, () => (volume.addFile(file), handleOf(file))),
      append: (file) =>
        operate('create', file, () => {
          if (!volume.has(file)) volume.addFile(file);
          return handleOf(file);
        }),
      read: (file) => operate('read', file, () => volume.inodeOf(file).content.slice()),
      readRange: (file, offset, length) =>
        operate('read', file, () => volume.inodeOf(file).content.slice(offset, offset + length)),
      size: (file) => operate('read', file, () => (volume.has(file) ? volume.inodeOf(file).content.length : undefined)),
      rename: (from, to) => operate('rename', from, () => volume.rename(from, to)),
      truncate: (file, length) => operate('truncate', file, () => volume.inodeOf(file).truncate(length)),
      remove: (file) => operate('remove', file, () => volume.remove(file)),
      list: (folder) => operate('read', folder, () => volume.list(folder)),
      makeFolder: (folder) =>
        makeFolderDurably(folder, known, {
          mkdir: (name) => operate('create', name, () => volume.addFolder(name)),
          syncFolder,
        }),
      syncFolder,
      freeBytes: async () => freeBytes,
    };
  }

  return {
    mount,
    endProcess,
    losePower: () => {
      endProcess();
      volume.losePower();
    },
    cutAfter: (count) => {
      cutAt = operations + count;
    },
    failNth: (kind, nth, code) => {
      faults.push({ kind, left: nth, code });
    },
    setFreeBytes: (bytes) => {
      freeBytes = bytes;
    },
    get operations() {
      return operations;
    },
    get isCut() {
      return operations >= cutAt;
    },
  };
}

/** File, line and column of the code that asked for the sync: the first frame outside this model. */
function callSite(): string {
  const prepare = Error.prepareStackTrace;
  // Raw frames: formatting them through source maps would cost more than everything else here.
  Error.prepareStackTrace = (_, frames) => frames;
  const frames: unknown = new Error().stack;
  Error.prepareStackTrace = prepare;
  const calls = Array.isArray(frames) ? (frames as NodeJS.CallSite[]) : []; // what the line above has just asked for
  const call = calls.find((frame) => !frame.getFileName()?.includes('power-loss-files'));
  return `${path.basename(call?.getFileName() ?? '')}:${call?.getLineNumber()}:${call?.getColumnNumber()}`;
}
