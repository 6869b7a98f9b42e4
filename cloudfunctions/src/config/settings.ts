import * as path from 'node:path';
import * as v from 'valibot';
import { type AddressRange, parseAddressRange } from './address-range';

/** All settings, read once at start from the environment; every fault is reported together. process.env stands here only. */
const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, '须为端口号'),
  v.transform(Number),
  v.maxValue(65535, '端口号不大于 65535'),
);
const environment = v.object({
  YINGYUN_PROFILE: v.optional(v.picklist(['demo', 'hospital'], '须为 demo 或 hospital'), 'demo'),
  YINGYUN_DATA: v.optional(v.pipe(v.string(), v.minLength(1)), '.data'),
  YINGYUN_HOST: v.optional(v.string(), '127.0.0.1'),
  YINGYUN_HTTP: v.optional(port, '7001'),
  /** 'off': no plain port beside the one over TLS. */
  YINGYUN_DICOM: v.optional(v.union([v.literal('off'), port], '须为端口号或 off'), '11112'),
  YINGYUN_MLLP: v.optional(port, '2575'),
  YINGYUN_AE_TITLE: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,16}$/, '须为 1–16 个可见 ASCII 字符')),
    'YINGYUN',
  ),
  /** "AE@ip,AE@ip": who may associate. '' = any AE title from loopback (demo only). */
  YINGYUN_PEERS: v.optional(v.string(), ''),
  /** postgres://… ; absent: embedded PGlite (demo only). */
  YINGYUN_DATABASE_URL: v.optional(v.string()),
  YINGYUN_TLS_CERT: v.optional(v.string()),
  YINGYUN_TLS_KEY: v.optional(v.string()),
  /** A second DICOM port, over TLS. */
  YINGYUN_DICOM_TLS: v.optional(port),
  /** Its certificate; absent: the one of HTTPS. */
  YINGYUN_DICOM_TLS_CERT: v.optional(v.string()),
  YINGYUN_DICOM_TLS_KEY: v.optional(v.string()),
  /** PEM file: only peers with a certificate of this authority get in. */
  YINGYUN_DICOM_TLS_CLIENT_CA: v.optional(v.string()),
  /** As patients and staff read it. */
  YINGYUN_HOSPITAL_NAME: v.optional(
    v.pipe(v.string(), v.trim(), v.minLength(1, '不能为空'), v.maxLength(64, '最长 64 个字符')),
  ),
  /** Who may ask for /readyz and /metrics: this machine, or everybody who reaches the port. */
  YINGYUN_OPERATIONS: v.optional(v.picklist(['local', 'public'], '须为 local 或 public'), 'local'),
  /** What stands in share links; default https://HOST:PORT. */
  YINGYUN_PUBLIC_URL: v.optional(v.pipe(v.string(), v.regex(/^https:\/\/[^/]+$/, '须为 https://主机[:端口]'))),
  /** "10.0.0.5,192.168.0.0/16": reverse proxies whose X-Forwarded-For is believed. */
  YINGYUN_TRUSTED_PROXIES: v.optional(v.string(), ''),
  /** The hospital's SMS gateway (docs/text-messages.md); absent: codes appear on the server's terminal (demo only). */
  YINGYUN_SMS_URL: v.optional(
    v.pipe(v.string(), v.regex(/^https:\/\/[^\s/@#?]+(\/[^\s#]*)?$/, '须为 https:// 开头的地址，不含账号、口令')),
  ),
  YINGYUN_SMS_KEY: v.optional(v.pipe(v.string(), v.minLength(32, '签名密钥至少 32 个字符'))),
  /** Minutes after the last image after which a film without a report is shown all the same, or "never". */
  YINGYUN_UNREPORTED_MINUTES: v.optional(
    v.union([v.literal('never'), v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number))], '须为分钟数或 never'),
  ),
  YINGYUN_WORKERS: v.optional(v.pipe(v.string(), v.regex(/^\d{1,2}$/), v.transform(Number), v.minValue(1)), '2'),
});

const togetherOnly = [
  ['YINGYUN_TLS_CERT', 'YINGYUN_TLS_KEY'],
  ['YINGYUN_DICOM_TLS_CERT', 'YINGYUN_DICOM_TLS_KEY'],
  ['YINGYUN_SMS_URL', 'YINGYUN_SMS_KEY'],
] as const;

export interface DicomPeer {
  readonly aeTitle: string;
  readonly address: string;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Settings {
  readonly profile: 'demo' | 'hospital';
  readonly dataFolder: string;
  readonly hospitalName: string;
  readonly operations: 'local' | 'public';
  readonly host: string;
  readonly httpPort: number;
  /** Null: there is no plain DICOM port. */
  readonly dicomPort: number | null;
  readonly mllpPort: number;
  readonly aeTitle: string;
  readonly peers: readonly DicomPeer[];
  readonly databaseUrl: string | undefined;
  readonly tls: CertificateFiles | undefined;
  /** `certificate` undefined: the demo's self-signed one. */
  readonly dicomTls:
    | {
        readonly port: number;
        readonly certificate: CertificateFiles | undefined;
        readonly clientCaFile: string | undefined;
      }
    | undefined;
  readonly publicUrl: string;
  readonly trustedProxies: readonly AddressRange[];
  /** Where codes are sent through. */
  readonly textMessages: 'console' | { readonly url: string; readonly key: string };
  /** Null: a film waits for its report however long it takes. */
  readonly unreportedAfterMs: number | null;
  readonly workers: number;
}

/** A misspelt YINGYUN_PROFILE would start the demo where a hospital was meant. Names of the tests and benches are let pass. */
function unknownNames(env: Record<string, string | undefined>): string[] {
  const known = new Set([...Object.keys(environment.entries), 'YINGYUN_TESTDATA', 'YINGYUN_LIDC', 'YINGYUN_LONG']);
  return Object.keys(env).filter((name) => name.startsWith('YINGYUN_') && !known.has(name));
}

/** Throws with one line a fault (Chinese, names the variable) where the environment is unusable. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const parsed = v.safeParse(environment, env);
  if (!parsed.success) {
    throw new SettingsFault(parsed.issues.map((issue) => `${v.getDotPath(issue) ?? '?'}：${issue.message}`));
  }
  const e = parsed.output;
  const faults = unknownNames(env).map((name) => `${name}：没有这个设置，请检查拼写`);
  for (const [one, other] of togetherOnly) {
    if ((e[one] === undefined) !== (e[other] === undefined)) faults.push(`${one} 与 ${other} 必须同时设置`);
  }
  if (e.YINGYUN_DICOM_TLS === undefined) {
    if (e.YINGYUN_DICOM === 'off')
      faults.push('YINGYUN_DICOM：off 须同时用 YINGYUN_DICOM_TLS 设置加密端口，否则无法接收影像');
    for (const name of ['YINGYUN_DICOM_TLS_CERT', 'YINGYUN_DICOM_TLS_CLIENT_CA'] as const)
      if (e[name] !== undefined) faults.push(`${name}：须同时用 YINGYUN_DICOM_TLS 设置端口`);
  }
  if (e.YINGYUN_PROFILE === 'hospital') {
    if (e.YINGYUN_HOSPITAL_NAME === undefined) faults.push('YINGYUN_HOSPITAL_NAME：hospital 模式必须写明医院名称');
    if (e.YINGYUN_SMS_URL === undefined)
      faults.push('YINGYUN_SMS_URL：hospital 模式不接受控制台短信，须设置医院的短信网关');
    if (e.YINGYUN_DATABASE_URL === undefined)
      faults.push('YINGYUN_DATABASE_URL：hospital 模式不接受内嵌数据库 PGlite（它从不 fsync）');
    if (e.YINGYUN_TLS_CERT === undefined) faults.push('YINGYUN_TLS_CERT：hospital 模式不接受自签名证书');
    if (e.YINGYUN_PEERS === '') faults.push('YINGYUN_PEERS：hospital 模式必须列出允许连接的 PACS（AE@IP）');
    faults.push('密钥：hospital 模式不接受软件密钥，须配置 KMS 或密码机（本版本尚未提供该适配器）');
  }
  const peers = listOf(e.YINGYUN_PEERS);
  for (const peer of peers)
    if (!/^[^@\s]{1,16}@[0-9a-fA-F.:]+$/.test(peer)) faults.push(`YINGYUN_PEERS：“${peer}” 不是 AE@IP 的形式`);
  const trustedProxies = listOf(e.YINGYUN_TRUSTED_PROXIES).flatMap((text) => {
    const range = parseAddressRange(text);
    if (range === undefined) faults.push(`YINGYUN_TRUSTED_PROXIES：“${text}” 不是 IP 地址或 CIDR 网段`);
    return range ?? [];
  });
  if (faults.length > 0) throw new SettingsFault(faults);
  const tls = certificateFiles(e.YINGYUN_TLS_CERT, e.YINGYUN_TLS_KEY);
  return {
    profile: e.YINGYUN_PROFILE,
    dataFolder: path.resolve(e.YINGYUN_DATA),
    hospitalName: e.YINGYUN_HOSPITAL_NAME ?? '影云示范医院',
    operations: e.YINGYUN_OPERATIONS,
    host: e.YINGYUN_HOST,
    httpPort: e.YINGYUN_HTTP,
    dicomPort: e.YINGYUN_DICOM === 'off' ? null : e.YINGYUN_DICOM,
    mllpPort: e.YINGYUN_MLLP,
    aeTitle: e.YINGYUN_AE_TITLE,
    peers: peers.map((text) => ({
      aeTitle: text.slice(0, text.lastIndexOf('@')),
      address: text.slice(text.lastIndexOf('@') + 1),
    })),
    databaseUrl: e.YINGYUN_DATABASE_URL,
    tls,
    dicomTls:
      e.YINGYUN_DICOM_TLS === undefined
        ? undefined
        : {
            port: e.YINGYUN_DICOM_TLS,
            certificate: certificateFiles(e.YINGYUN_DICOM_TLS_CERT, e.YINGYUN_DICOM_TLS_KEY) ?? tls,
            clientCaFile: e.YINGYUN_DICOM_TLS_CLIENT_CA,
          },
    publicUrl: e.YINGYUN_PUBLIC_URL ?? `https://${e.YINGYUN_HOST}:${e.YINGYUN_HTTP}`,
    trustedProxies,
    textMessages:
      e.YINGYUN_SMS_URL !== undefined && e.YINGYUN_SMS_KEY !== undefined
        ? { url: e.YINGYUN_SMS_URL, key: e.YINGYUN_SMS_KEY }
        : 'console',
    unreportedAfterMs: unreportedAfterMs(e.YINGYUN_UNREPORTED_MINUTES, e.YINGYUN_PROFILE),
    workers: e.YINGYUN_WORKERS,
  };
}

function certificateFiles(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | undefined {
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
}

/** Whoever tries the demo with a folder of images has no RIS to approve them; a hospital says so where it wants it. */
function unreportedAfterMs(minutes: number | 'never' | undefined, profile: Settings['profile']): number | null {
  const chosen = minutes ?? (profile === 'demo' ? 1 : 'never');
  return chosen === 'never' ? null : chosen * 60_000;
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',').map((one) => one.trim());
}

export class SettingsFault extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsFault';
  }
}
