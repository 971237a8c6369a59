import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Room on a disk that is set aside for when it is full. */
export interface SpareRoom {
  /** Gives the room back to the disk. False: there was none to give. */
  release(): boolean;
  /** Sets it aside again, once the disk has several times as much. */
  retake(): boolean;
  close(): void;
}

/** Several hundred groups of a journal in SQLite, which writes whole pages, twice. */
const SPARE_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** A file beside a journal that holds nothing but its room; one that is left from before is used. */
export function spareFile(journal: string): SpareRoom {
  const path = `${journal}-spare`;
  let isThere = sizeOf(path) === SPARE_BYTES || fill(path);
  const release = (): boolean => {
    if (!isThere) return false;
    isThere = false;
    rmSync(path, { force: true });
    return true;
  };
  return {
    release,
    retake() {
      isThere ||= freeBytes(path) > 4 * SPARE_BYTES && fill(path);
      return isThere;
    },
    close: () => void release(),
  };
}

/** Written and synced, and nothing that a disk could make smaller: holes and zeros have no room of their own. */
function fill(path: string): boolean {
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      for (let written = 0; written < SPARE_BYTES;) {
        written += writeSync(file, randomBytes(Math.min(CHUNK_BYTES, SPARE_BYTES - written)));
      }
      fsyncSync(file);
      return true;
    } finally {
      closeSync(file);
    }
  } catch {
    rmSync(path, { force: true });
    return false;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return 0;
  }
}
