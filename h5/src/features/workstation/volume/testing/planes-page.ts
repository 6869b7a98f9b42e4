// Test support, bundled into a blank page: one volume drawn on WebGL2 and by the CPU, and how far the pictures are apart.
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { VoiWindow } from '@yingyun/shared/imaging/voi-window';
import { renderPlane } from '@yingyun/shared/render/cpu-volume-renderer';
import { GlVolumeRenderer } from '@yingyun/shared/render/gl-volume-renderer';
import { fillSlice } from '@yingyun/shared/volume/fill-slice';
import { findVolumes } from '@yingyun/shared/volume/find-volumes';
import type { ReslicePlane } from '@yingyun/shared/volume/reslice-plane';
import { emptyVolume, type Volume } from '@yingyun/shared/volume/volume';

export interface PlanesCase {
  readonly attributes?: Partial<FrameAttributes>;
  /** Rescale slopes differ by slice: a float volume. */
  readonly hasManyRescales?: boolean;
  readonly reduce?: number;
  /** Slices that never come. */
  readonly holes?: readonly number[];
  readonly padding?: number;
  /** Millimetres a slice moves back for each step: a tilted gantry. */
  readonly shear?: number;
  readonly slab?: ReslicePlane['slab'];
  readonly window?: VoiWindow;
  readonly isInverted?: boolean;
  readonly losesContext?: boolean;
}

export interface PlanesVerdict {
  readonly pixels: number;
  readonly bright: number;
  /** Pixels that differ by more than a grey level. */
  readonly off: number;
}

const [columns, rows, slices] = [48, 40, 30];

async function planesCase(one: PlanesCase): Promise<PlanesVerdict> {
  const volume = makeVolume(one);
  const [width, height] = [120, 90];
  const canvas = document.createElement('canvas');
  canvas.width = 2 * width;
  canvas.height = height;
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false });
  if (gl === null) throw new Error('no WebGL2');
  const renderer = new GlVolumeRenderer(gl, volume);
  const center = [0.3, 0.2, -0.4] as const;
  const slab = one.slab ?? { mode: 'max', thicknessMm: 0 };
  const oblique = { right: [0.6, 0.64, -0.48], down: [0, -0.6, -0.8] } as const;
  const coronal = { right: [1, 0, 0], down: [0, 0, -1] } as const;
  const panes = [coronal, oblique].map((directions, i) => ({
    plane: { center, ...directions, mmPerPixel: 0.4, width, height, slab },
    x: i * width,
    y: 0,
  }));
  const look = {
    window: one.window ?? { center: 40, width: 400, shape: 'LINEAR' as const },
    isInverted: one.isInverted === true,
  };
  const draw = (): Uint8Array => {
    renderer.draw(panes, look, canvas);
    const pixels = new Uint8Array(canvas.width * height * 4);
    gl.readPixels(0, 0, canvas.width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels;
  };
  if (one.losesContext === true) {
    draw();
    const extension = gl.getExtension('WEBGL_lose_context');
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    const back = new Promise((done) => canvas.addEventListener('webglcontextrestored', done));
    extension?.loseContext();
    await new Promise((done) => setTimeout(done, 50));
    extension?.restoreContext();
    await back;
    renderer.restore();
  }
  const drawn = draw();
  const verdict = { pixels: 0, bright: 0, off: 0 };
  for (const { plane, x } of panes) {
    const expected = renderPlane(volume, plane, look);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const wanted = expected[(row * width + column) * 4] ?? 0;
        const level = drawn[((height - 1 - row) * canvas.width + x + column) * 4] ?? 0; // GL counts rows from below
        verdict.pixels++;
        if (wanted > 20) verdict.bright++;
        if (Math.abs(wanted - level) > 1) verdict.off++;
      }
    }
  }
  return verdict;
}

function makeVolume(one: PlanesCase): Volume {
  const common = { rows, columns, isSigned: true, bitsAllocated: 16, ...one.attributes } as const;
  const frames = Array.from({ length: slices }, (_, k) => ({
    bands: [1],
    instanceNumber: k,
    imageOrientationPatient: [1, 0, 0, 0, 1, 0],
    imagePositionPatient: [-columns / 4, -rows / 4 + k * (one.shear ?? 0), -slices / 2 + k],
    pixelSpacing: [0.5, 0.5],
    pixelSpacingSource: 'patient',
    pixelPaddingValue: one.padding ?? null,
    ...(one.hasManyRescales === true ? { rescaleSlope: 1 + (k % 3) / 2 } : {}),
  }));
  const series = { common, frames } as unknown as Parameters<typeof findVolumes>[0]; // tuples, which literals are not
  const plan = findVolumes(series).volumes[0];
  if (plan === undefined) throw new Error('no volume');
  const volume = emptyVolume(plan, one.reduce ?? 0);
  for (let k = 0; k < slices; k++) {
    if (one.holes?.includes(k) === true) continue;
    const pixels =
      common.bitsAllocated === 8
        ? new Uint8Array(columns * rows)
        : common.isSigned
          ? new Int16Array(columns * rows)
          : new Uint16Array(columns * rows);
    for (let i = 0; i < pixels.length; i++) {
      const [x, y] = [i % columns, Math.floor(i / columns)];
      const wave = 0.5 + 0.5 * Math.sin(x / 3) * Math.cos(y / 4 + k / 5);
      pixels[i] = one.padding !== undefined && x < 9 + k / 3 ? one.padding : Math.round(wave * 240);
    }
    const padding = one.padding === undefined ? null : { low: one.padding, high: one.padding };
    const frame = { kind: 'grey', reduce: 0, rows, columns, pixels, storedMin: 0, storedMax: 0, padding } as const;
    fillSlice(volume, k, frame, { rescaleSlope: frames[k]?.rescaleSlope ?? 1, rescaleIntercept: 0 });
  }
  return volume;
}

Object.assign(window, { planesCase });
