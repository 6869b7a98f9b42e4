/** Which kind of texture a program reads: grey of either sign, finished colour, or the overlay's mask. */
export type ProgramKind = 'unsigned' | 'signed' | 'colour' | 'overlay';

export const vertexSource = (version: 1 | 2): string =>
  version === 2
    ? '#version 300 es\nin vec2 corner;\nvoid main() { gl_Position = vec4(corner, 0.0, 1.0); }\n'
    : 'attribute vec2 corner;\nvoid main() { gl_Position = vec4(corner, 0.0, 1.0); }\n';

/**
 * The same picture as cpu-view.ts, pixel by pixel. Integer textures know no filtering, so the four neighbours are fetched
 * and mixed here, over stored values, before the window. `base` is taken off in whole numbers first: 16-bit values times
 * a steep window would lose grey levels to float rounding otherwise.
 */
export function fragmentSource(version: 1 | 2, kind: ProgramKind): string {
  const isPlain = kind === 'colour' || kind === 'overlay' || version === 1;
  const sampler = isPlain ? 'sampler2D' : kind === 'signed' ? 'isampler2D' : 'usampler2D';
  const head =
    version === 2
      ? `#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp sampler2D;\nprecision highp ${sampler};\nout vec4 colour;\n#define RESULT colour\n#define texelsOf texture\n`
      : 'precision highp float;\nprecision highp int;\n#define RESULT gl_FragColor\n#define texelsOf texture2D\n';
  const body = kind === 'colour' ? colourBody : kind === 'overlay' ? overlayBody : greyBody;
  return `${head}uniform ${sampler} image;\n${uniforms}${fetch(version, kind)}${body}${main}`;
}

const uniforms = `
uniform vec3 rowU;      // canvas to buffer: u = rowU.x x + rowU.y y + rowU.z
uniform vec3 rowV;
uniform vec4 edges;     // left, top, right, bottom of the image in buffer points
uniform vec2 size;      // of the buffer, in pixels
uniform float canvasHeight;
uniform float taps;
uniform float isNearest;
uniform float flip;     // 1: inverted
uniform float base;     // whole number
uniform float rest;     // the window starts at base + rest
uniform float gain;
uniform float shape;    // 0 ramp, 1 rising step, 2 sigmoid, 3 falling step, 4 table
uniform vec2 padding;   // its lowest and highest value - base; the low end above the high one: none
uniform vec3 unpack;    // WebGL1: weight of the low byte, of the high byte, 1 where signed
`;

function fetch(version: 1 | 2, kind: ProgramKind): string {
  if (kind === 'overlay') {
    return 'float fetchAt(vec2 p) { return p.x < -0.5 || p.y < -0.5 || p.x > size.x - 0.5 || p.y > size.y - 0.5 ? 0.0 : texelsOf(image, (p + 0.5) / size).r; }\n';
  }
  if (kind === 'colour') {
    return version === 2
      ? 'vec3 fetchAt(vec2 p) { return texelFetch(image, ivec2(clamp(p, vec2(0.0), size - 1.0)), 0).rgb; }\n'
      : 'vec3 fetchAt(vec2 p) { return texture2D(image, (clamp(p, vec2(0.0), size - 1.0) + 0.5) / size).rgb; }\n';
  }
  return version === 2
    ? 'float fetchAt(vec2 p) { return float(int(texelFetch(image, ivec2(clamp(p, vec2(0.0), size - 1.0)), 0).r) - int(base)); }\n'
    : `float fetchAt(vec2 p) {
  vec4 t = floor(texture2D(image, (clamp(p, vec2(0.0), size - 1.0) + 0.5) / size) * 255.0 + 0.5);
  float v = t.r * unpack.x + t.a * unpack.y;
  if (unpack.z > 0.5 && v > 32767.5) v -= 65536.0;
  return v - base;
}
`;
}

const greyBody = `
uniform sampler2D table;  // 16-bit entries: high byte red, low byte green
uniform vec3 tableSize;   // columns, rows, entries
float entryAt(float i) {
  vec4 t = texelsOf(table, (vec2(i - tableSize.x * floor(i / tableSize.x), floor(i / tableSize.x)) + 0.5) / tableSize.xy);
  return (floor(t.r * 255.0 + 0.5) * 256.0 + floor(t.g * 255.0 + 0.5)) / 65535.0;
}
float throughTable(float at) {
  float last = tableSize.z - 1.0;
  float index = clamp(at, 0.0, last);
  float below = floor(index);
  return mix(entryAt(below), entryAt(min(last, below + 1.0)), index - below);
}
bool isPadding(float v) { return v >= padding.x && v <= padding.y; }
float clean(float v, float nearest) { return isPadding(v) ? nearest : v; }
vec2 sampleAt(vec2 p) {  // value, and 1 where it is no padding
  float nearest = fetchAt(floor(p));
  if (isPadding(nearest)) return vec2(0.0, 0.0);
  if (isNearest > 0.5) return vec2(nearest, 1.0);
  vec2 q = floor(p - 0.5);
  vec2 f = p - 0.5 - q;
  float upper = mix(clean(fetchAt(q), nearest), clean(fetchAt(q + vec2(1.0, 0.0)), nearest), f.x);
  float lower = mix(clean(fetchAt(q + vec2(0.0, 1.0)), nearest), clean(fetchAt(q + vec2(1.0, 1.0)), nearest), f.x);
  return vec2(mix(upper, lower, f.y), 1.0);
}
vec4 shade(vec2 p) {
  vec2 sum = vec2(0.0);
  for (int j = 0; j < 4; j++) {
    if (float(j) >= taps) break;
    for (int i = 0; i < 4; i++) {
      if (float(i) >= taps) break;
      vec2 d = (vec2(float(i), float(j)) + 0.5) / taps - 0.5;
      sum += sampleAt(p + vec2(rowU.x * d.x + rowU.y * d.y, rowV.x * d.x + rowV.y * d.y));
    }
  }
  if (sum.y < 0.5) return vec4(0.0, 0.0, 0.0, 1.0);
  float offset = sum.x / sum.y - rest;
  float unit;
  if (shape < 0.5) unit = clamp(offset * gain, 0.0, 1.0);
  else if (shape < 1.5) unit = offset > 0.0 ? 1.0 : 0.0;
  else if (shape < 2.5) unit = 1.0 / (1.0 + exp(clamp(-4.0 * offset * gain, -80.0, 80.0)));
  else if (shape < 3.5) unit = offset < 0.0 ? 1.0 : 0.0;
  else unit = throughTable(offset * gain);
  return vec4(vec3(flip > 0.5 ? 1.0 - unit : unit), 1.0);
}
`;

const colourBody = `
vec3 sampleAt(vec2 p) {
  if (isNearest > 0.5) return fetchAt(floor(p));
  vec2 q = floor(p - 0.5);
  vec2 f = p - 0.5 - q;
  vec3 upper = mix(fetchAt(q), fetchAt(q + vec2(1.0, 0.0)), f.x);
  vec3 lower = mix(fetchAt(q + vec2(0.0, 1.0)), fetchAt(q + vec2(1.0, 1.0)), f.x);
  return mix(upper, lower, f.y);
}
vec4 shade(vec2 p) {
  vec3 sum = vec3(0.0);
  for (int j = 0; j < 4; j++) {
    if (float(j) >= taps) break;
    for (int i = 0; i < 4; i++) {
      if (float(i) >= taps) break;
      vec2 d = (vec2(float(i), float(j)) + 0.5) / taps - 0.5;
      sum += sampleAt(p + vec2(rowU.x * d.x + rowU.y * d.y, rowV.x * d.x + rowV.y * d.y));
    }
  }
  vec3 mean = sum / (taps * taps);
  return vec4(flip > 0.5 ? 1.0 - mean : mean, 1.0);
}
`;

/** White, as opaque as the mask covers the canvas pixel; `gain` is the boost of thinned lines. */
const overlayBody = `
float sampleAt(vec2 p) {
  vec2 q = floor(p - 0.5);
  vec2 f = p - 0.5 - q;
  float upper = mix(fetchAt(q), fetchAt(q + vec2(1.0, 0.0)), f.x);
  float lower = mix(fetchAt(q + vec2(0.0, 1.0)), fetchAt(q + vec2(1.0, 1.0)), f.x);
  return mix(upper, lower, f.y);
}
vec4 shade(vec2 p) {
  float sum = 0.0;
  for (int j = 0; j < 4; j++) {
    if (float(j) >= taps) break;
    for (int i = 0; i < 4; i++) {
      if (float(i) >= taps) break;
      vec2 d = (vec2(float(i), float(j)) + 0.5) / taps - 0.5;
      sum += sampleAt(p + vec2(rowU.x * d.x + rowU.y * d.y, rowV.x * d.x + rowV.y * d.y));
    }
  }
  return vec4(1.0, 1.0, 1.0, clamp(sum / (taps * taps) * gain, 0.0, 1.0));
}
`;

const main = `
void main() {
  vec2 at = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
  vec2 p = vec2(dot(rowU, vec3(at, 1.0)), dot(rowV, vec3(at, 1.0)));
  // Black stands there already, or another tile draws it.
  if (p.x < edges.x || p.x >= edges.z || p.y < edges.y || p.y >= edges.w) discard;
  RESULT = shade(p);
}
`;
