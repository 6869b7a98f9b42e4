/** No inline script or style, nothing from elsewhere; WebAssembly for the decoder, workers from our own files or from blobs of them. */
const directives = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  // A PDF of the film, shown from bytes the page fetched: an address with a token in it never exists.
  'frame-src blob:',
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];
const contentSecurityPolicy = directives.join('; ');
const framework: Readonly<Record<string, string>> = {
  "style-src 'self'": "'unsafe-inline'",
  "font-src 'self'": 'data:',
};
/**
 * For the patient app's page alone: its framework (Taro) writes style elements, with a font of icons in them, at run time. Neither can
 * run; scripts stay as strict as everywhere.
 */
export const patientPagePolicy = directives
  .map((directive) => [directive, framework[directive]].filter((part) => part !== undefined).join(' '))
  .join('; ');

/** On every answer, whatever it is. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
};
