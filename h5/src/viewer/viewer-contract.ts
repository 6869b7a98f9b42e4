import type { StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { FirstPicture } from '@yingyun/shared/contract/routes';
import type { VoiChoice } from '@yingyun/shared/imaging/default-window';
import type { KeyAction, Tool } from '@yingyun/shared/imaging/gesture-actions';
import type { MarkBook } from '@yingyun/shared/measure/mark-book';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import type { WindowChoice } from './window-choices';

/** What a page gives the viewer, and what it gets back. `mount-viewer.ts` implements it. */
export interface ViewerOptions {
  readonly manifest: FilmManifest;
  /** What came along with the manifest to look at first. */
  readonly firstPicture?: FirstPicture | null;
  /** Series to begin with; default: the one with most frames. */
  readonly seriesInstanceUid?: string;
  /** Asks for one batch. Hands over body chunks as they arrive; resolves at the end of the body, rejects with `FramesRefused`. */
  readonly fetchFrames: (
    request: FramesRequest,
    onChunk: (bytes: Uint8Array) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Bits of an overlay plane, as the overlay route sends them; rejects with `FramesRefused`. Absent: overlays are not drawn. */
  readonly fetchOverlay?: (request: OverlayRequest, signal: AbortSignal) => Promise<Uint8Array>;
  /** Content of an object without an image; rejects with `FramesRefused`. Absent: such objects are listed, not opened. */
  readonly fetchDocument?: (sopInstanceUid: string, signal: AbortSignal) => Promise<FilmDocument>;
  /** The server no longer lets us in (revoked, expired): the viewer has already wiped its pixels. */
  readonly onAccessLost: () => void;
  /** Pixels of the first slice are drawn: what had to wait for them may go on. Once. */
  readonly onFirstImage?: () => void;
  /**
   * 'none': the page has tools and thumbnails of its own, and drives the viewer by its handle; there remain the image, what stands
   * over it, and the slice bar. Default 'all'.
   */
  readonly controls?: 'all' | 'none';
  /** Told after each drawing what is on screen, at most once an animation frame. */
  readonly onState?: (state: ViewerState) => void;
  /** A double click or tap on the image. True: the page has done what it means; otherwise the image is fitted. */
  readonly onDoubleTap?: () => boolean;
}

/** What a page's own controls show. */
export interface ViewerState {
  readonly seriesInstanceUid: string;
  /** From 0. */
  readonly frame: number;
  readonly frameCount: number;
  /** 1/2^reduce of the stored size is on screen; null: nothing yet. */
  readonly reduce: number | null;
  readonly tool: Tool;
  readonly isPlaying: boolean;
  readonly isInverted: boolean;
  readonly showsInfo: boolean;
  readonly showsOverlays: boolean;
  /** The image on screen has overlay planes. */
  readonly hasOverlays: boolean;
  readonly windowChoices: readonly WindowChoice[];
}

/** Query of the frames routes (shared/contract/routes.ts `sharedFrames`). */
export interface FramesRequest {
  readonly series: string;
  /** `FilmManifest.revision`, where the manifest has one. */
  readonly revision?: string;
  readonly reduce: number;
  readonly from: number;
  readonly count?: number;
  readonly have?: number;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface OverlayRequest {
  readonly sopInstanceUid: string;
  /** As in `OverlayPlane.group`. */
  readonly group: number;
  /** 1-based frame of the instance. */
  readonly frame: number;
}

/** What the document route answers, by its media type. */
export type FilmDocument =
  | { readonly kind: 'structured'; readonly document: StructuredDocument }
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array<ArrayBuffer> };

export class FramesRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
    this.name = 'FramesRefused';
  }
}

/** The measuring tools of one viewer. */
export interface ViewerMeasuring {
  readonly desk: MeasureDesk;
  /** Calls `listener` after each drawing. */
  listen(listener: () => void): () => void;
}

export interface ViewerHandle {
  /**
   * Brings the measuring tools, which are no part of the viewer's own code, and what is in `book` (default: one of its own) over the pictures. Rejects
   * where they can't be loaded.
   */
  measure(book?: MarkBook): Promise<ViewerMeasuring>;
  showSeries(seriesInstanceUid: string): void;
  /** What the left button or one finger does. */
  setTool(tool: Tool): void;
  /** What a key would do. */
  press(action: KeyAction): void;
  setWindow(window: VoiChoice): void;
  setShowsInfo(shows: boolean): void;
  setShowsOverlays(shows: boolean): void;
  /** Shows the image a document refers to (1-based frame, default its first). False: the film does not show it. */
  showImage(sopInstanceUid: string, frame?: number): boolean;
  /** Opens the content of an object without an image over the page; closes by itself when the viewer is destroyed or access is lost. */
  openDocument(sopInstanceUid: string): void;
  /** Stops loading, frees workers, GL and memory, empties the container. */
  destroy(): void;
}
