/**
 * Who we are on the wire and in file meta (PS3.7 D.3.3.2, PS3.10 7.1). The root is derived from a UUID (PS3.5 B.2), so it needs no
 * registration: 2.25. followed by 6f9d2c1e-7a54-4b0e-9c38-5d1be1a7f042 as a decimal number. It names this implementation, for ever.
 */
export const implementationClassUid = '2.25.148360392979642141345479862233548189762';
export const implementationVersionName = 'YINGYUN_0_1';
export const applicationContextName = '1.2.840.10008.3.1.1.1';
