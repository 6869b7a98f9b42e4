/** Which kind of texture a program reads. */
export type TextureKind = 'unsigned' | 'signed' | 'colour';

export const vertexSource = (version: 1 | 2): string =>
  version === 2
    ? '#version 300 es\nin vec2 corner;\nvoid main() { gl_Position = vec4(corner, 0.0, 1.0); }\n'
    : 'attribute vec2 corner;\nvoid main() { gl_Position = vec4(corner, 0.0, 1.0); }\n';

/**
 * The same picture as cpu-view.ts, pixel by pixel. Integer textures know no filtering, so the four neighbours are fetched
 * and mixed here, over stored values, before the window. `base` is taken off in whole numbers first: 16-bit values times
 * a steep window would lose grey levels to float rounding otherwise.
 */
export function fragmentSource(version: 1 | 2, kind: TextureKind): string {
  const sampler = kind === 'colour' || version === 1 ? 'sampler2D' : kind === 'signed' ? 'isampler2D' : 'usampler2D';
  const head =
    version === 2
      ? `#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp ${sampler};\nout vec4 colour;\n#define RESULT colour\n`
      : 'precision highp float;\nprecision highp int;\n#define RESULT gl_FragColor\n';
  return `${head}uniform ${sampler} image;\n${uniforms}${fetch(version, kind)}${kind === 'colour' ? colourBody : greyBody}${main}`;
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
uniform float shape;    // 0 ramp, 1 rising step, 2 sigmoid, 3 falling step
uniform vec2 padding;   // (1, padding value - base) or (0, 0)
uniform vec3 unpack;    // WebGL1: weight of the low byte, of the high byte, 1 where signed
`;

function fetch(version: 1 | 2, kind: TextureKind): string {
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
bool isPadding(float v) { return padding.x > 0.5 && v == padding.y; }
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
vec3 shade(vec2 p) {
  vec2 sum = vec2(0.0);
  for (int j = 0; j < 4; j++) {
    if (float(j) >= taps) break;
    for (int i = 0; i < 4; i++) {
      if (float(i) >= taps) break;
      vec2 d = (vec2(float(i), float(j)) + 0.5) / taps - 0.5;
      sum += sampleAt(p + vec2(rowU.x * d.x + rowU.y * d.y, rowV.x * d.x + rowV.y * d.y));
    }
  }
  if (sum.y < 0.5) return vec3(0.0);
  float offset = sum.x / sum.y - rest;
  float unit;
  if (shape < 0.5) unit = clamp(offset * gain, 0.0, 1.0);
  else if (shape < 1.5) unit = offset > 0.0 ? 1.0 : 0.0;
  else if (shape < 2.5) unit = 1.0 / (1.0 + exp(clamp(-4.0 * offset * gain, -80.0, 80.0)));
  else unit = offset < 0.0 ? 1.0 : 0.0;
  return vec3(flip > 0.5 ? 1.0 - unit : unit);
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
vec3 shade(vec2 p) {
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
  return flip > 0.5 ? 1.0 - mean : mean;
}
`;

const main = `
void main() {
  vec2 at = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
  vec2 p = vec2(dot(rowU, vec3(at, 1.0)), dot(rowV, vec3(at, 1.0)));
  bool isInside = p.x >= edges.x && p.x < edges.z && p.y >= edges.y && p.y < edges.w;
  RESULT = vec4(isInside ? shade(p) : vec3(0.0), 1.0);
}
`;
