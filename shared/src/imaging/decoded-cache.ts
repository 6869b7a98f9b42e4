import { type DecodedFrame, decodedBytes } from './decoded-frame';
import { distanceBetween, type FrameKey, frameId } from './encoded-store';

/** Decoded frames, the sharpest of each, under a cap of bytes; the farthest from the eye goes first. */
export class DecodedCache {
  private readonly frames = new Map<number, { readonly key: FrameKey; readonly frame: DecodedFrame }>();
  private total = 0;

  constructor(private readonly capBytes: number) {}

  get totalBytes(): number {
    return this.total;
  }

  get(key: FrameKey): DecodedFrame | null {
    return this.frames.get(frameId(key))?.frame ?? null;
  }

  /** Keeps the frame unless a sharper one is there. The frame on screen is kept even where it alone is above the cap. */
  put(key: FrameKey, frame: DecodedFrame, focus: FrameKey): void {
    const old = this.frames.get(frameId(key));
    if (old !== undefined && old.frame.reduce <= frame.reduce) return;
    if (old !== undefined) this.total -= decodedBytes(old.frame);
    this.frames.set(frameId(key), { key, frame });
    this.total += decodedBytes(frame);
    if (this.total > this.capBytes) this.makeRoom(focus);
  }

  /** Whether one more frame of this size at this distance would stay, or be the first to go. */
  hasRoomFor(bytes: number, key: FrameKey, focus: FrameKey): boolean {
    let nearer = bytes;
    const distance = distanceBetween(key, focus);
    for (const one of this.frames.values()) {
      if (distanceBetween(one.key, focus) <= distance) nearer += decodedBytes(one.frame);
    }
    return nearer <= this.capBytes;
  }

  clear(): void {
    this.frames.clear();
    this.total = 0;
  }

  private makeRoom(focus: FrameKey): void {
    const farFirst = [...this.frames.values()].sort(
      (one, other) => distanceBetween(other.key, focus) - distanceBetween(one.key, focus),
    );
    for (const { key, frame } of farFirst) {
      if (this.total <= this.capBytes) return;
      if (distanceBetween(key, focus) === 0) continue;
      this.frames.delete(frameId(key));
      this.total -= decodedBytes(frame);
    }
  }
}
