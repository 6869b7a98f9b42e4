/** Which kind of texture holds the samples. */
export type VolumeSampler = 'isampler3D' | 'usampler3D' | 'sampler3D';

/**
 * The same picture as volume/reslice.ts through the tone of imaging/tone.ts. Integer and float textures know no filtering on every
 * device, so the eight neighbours are fetched and mixed here. `base` is taken off in whole numbers first, as in shader-source.ts.
 * `hasHoles`: some voxels are padding, or some slices aren't there. `isSlab`: several layers; one needs no loop.
 */
export function volumeFragmentSource(sampler: VolumeSampler, hasHoles: boolean, isSlab: boolean): string {
  const texel =
    sampler === 'sampler3D' ? 'texelFetch(image, p, 0).r - base' : 'float(int(texelFetch(image, p, 0).r) - int(base))';
  return `#version 300 es
precision highp float;
precision highp int;
precision highp ${sampler};
precision highp usampler2D;
uniform ${sampler} image;
uniform usampler2D held;  // one texel a slice: 1 where it is there
uniform vec3 start;       // voxel = start + x across + y along + layer deep
uniform vec3 across;
uniform vec3 along;
uniform vec3 deep;
uniform vec3 low;         // the volume's edges
uniform vec3 high;
uniform ivec3 size;
uniform vec3 pane;        // left edge and top edge of the pane, canvas height
uniform float layers;
uniform float mode;       // 0 largest, 1 smallest, 2 mean
uniform float base;
uniform float rest;
uniform float gain;
uniform float shape;      // 0 ramp, 1 rising step, 2 sigmoid, 3 falling step
uniform float flip;
uniform vec2 padding;     // its lowest and highest value - base; the low end above the high one: none
out vec4 colour;
float fetchAt(ivec3 p) { return ${texel}; }
${hasHoles ? holedSample : plainSample}
${tone}${isSlab ? slabMain : planeMain}`;
}

const plainSample = `
bool sampleAt(vec3 p, out float value) {
  if (any(lessThan(p, low)) || any(greaterThanEqual(p, high))) return false;
  ivec3 last = size - 1;
  vec3 q = clamp(p, vec3(0.0), vec3(last));
  ivec3 c = ivec3(floor(q));
  ivec3 d = min(c + 1, last);
  vec3 f = q - vec3(c);
  float upper = mix(fetchAt(c), fetchAt(ivec3(d.x, c.y, c.z)), f.x);
  float lower = mix(fetchAt(ivec3(c.x, d.y, c.z)), fetchAt(ivec3(d.x, d.y, c.z)), f.x);
  value = mix(upper, lower, f.y);
  if (f.z > 0.0) {
    upper = mix(fetchAt(ivec3(c.x, c.y, d.z)), fetchAt(ivec3(d.x, c.y, d.z)), f.x);
    lower = mix(fetchAt(ivec3(c.x, d.y, d.z)), fetchAt(d), f.x);
    value = mix(value, mix(upper, lower, f.y), f.z);
  }
  return true;
}`;

const holedSample = `
bool isPadding(float v) { return v >= padding.x && v <= padding.y; }
bool isHeld(int slice) { return texelFetch(held, ivec2(slice, 0), 0).r > 0u; }
float clean(ivec3 p, float nearest) {
  float v = fetchAt(p);
  return isPadding(v) ? nearest : v;
}
float inSlice(ivec3 c, ivec3 d, vec3 f, int slice, float nearest) {
  float upper = mix(clean(ivec3(c.xy, slice), nearest), clean(ivec3(d.x, c.y, slice), nearest), f.x);
  float lower = mix(clean(ivec3(c.x, d.y, slice), nearest), clean(ivec3(d.xy, slice), nearest), f.x);
  return mix(upper, lower, f.y);
}
bool sampleAt(vec3 p, out float value) {
  if (any(lessThan(p, low)) || any(greaterThanEqual(p, high))) return false;
  ivec3 last = size - 1;
  vec3 q = clamp(p, vec3(0.0), vec3(last));
  ivec3 n = min(ivec3(floor(q + 0.5)), last);
  if (!isHeld(n.z)) return false;
  float nearest = fetchAt(n);
  if (isPadding(nearest)) return false;
  ivec3 c = ivec3(floor(q));
  ivec3 d = min(c + 1, last);
  vec3 f = q - vec3(c);
  float front = inSlice(c, d, f, isHeld(c.z) ? c.z : n.z, nearest);
  float back = inSlice(c, d, f, isHeld(d.z) ? d.z : n.z, nearest);
  value = mix(front, back, f.z);
  return true;
}`;

const tone = `
vec4 toned(float offset) {
  float unit;
  if (shape < 0.5) unit = clamp(offset * gain, 0.0, 1.0);
  else if (shape < 1.5) unit = offset > 0.0 ? 1.0 : 0.0;
  else if (shape < 2.5) unit = 1.0 / (1.0 + exp(clamp(-4.0 * offset * gain, -80.0, 80.0)));
  else unit = offset < 0.0 ? 1.0 : 0.0;
  return vec4(vec3(flip > 0.5 ? 1.0 - unit : unit), 1.0);
}
vec3 firstVoxel() {
  vec2 at = vec2(gl_FragCoord.x - pane.x, pane.z - gl_FragCoord.y - pane.y) - 0.5;
  return start + at.x * across + at.y * along;
}
`;

const planeMain = `
void main() {
  float value;
  colour = sampleAt(firstVoxel(), value) ? toned(value - rest) : vec4(0.0, 0.0, 0.0, 1.0);
}
`;

const slabMain = `
void main() {
  vec3 p = firstVoxel();
  float count = 0.0;
  float result = 0.0;
  for (int i = 0; i < 512; i++) {
    if (float(i) >= layers) break;
    float value;
    if (!sampleAt(p + float(i) * deep, value)) continue;
    if (count < 0.5) result = value;
    else if (mode < 0.5) result = max(result, value);
    else if (mode < 1.5) result = min(result, value);
    else result += value;
    count += 1.0;
  }
  colour = count < 0.5 ? vec4(0.0, 0.0, 0.0, 1.0) : toned((mode > 1.5 ? result / count : result) - rest);
}
`;
