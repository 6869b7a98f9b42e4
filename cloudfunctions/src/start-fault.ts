import type { Settings } from './config/settings';

/** SQLSTATE and system codes of a database that can't be reached, or doesn't let us in. */
const databaseCodes = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|(08|28|3D)[0-9A-Z]{3})$/;

export interface StartFault {
  /** Chinese, one sentence and what to do. */
  readonly message: string;
  /** Nothing a person can mend by a setting: its stack is worth showing. */
  readonly isBug: boolean;
}

/** Chinese words for the faults a person can mend; anything else is a bug and keeps its message. */
export function startFault(cause: unknown, settings: Settings): StartFault {
  const known = knownFault(codedCause(cause), settings);
  if (known !== undefined) return { message: known, isBug: false };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { message: `启动失败：${message}`, isBug: codedCause(cause) === undefined };
}

/** Why the address of YINGYUN_HOST can't be listened on. */
export function listenFault(cause: unknown, settings: Settings): StartFault {
  if (/^(ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/.test(codedCause(cause)?.code ?? '')) {
    return { message: `YINGYUN_HOST：“${settings.host}” 不是本机的地址。`, isBug: false };
  }
  return startFault(cause, settings);
}

type CodedError = Error & { readonly code: string };

/** The outermost error with a code: the database layer wraps the driver's. */
function codedCause(error: unknown): CodedError | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++)
    if ('code' in one && typeof one.code === 'string') return one as CodedError; // just looked
  return undefined;
}

function knownFault(cause: CodedError | undefined, settings: Settings): string | undefined {
  if (cause === undefined) return undefined;
  const { code } = cause;
  if (code === 'EADDRINUSE') return takenPort(cause, settings);
  if (code.startsWith('ERR_OSSL') || (code === 'ENOENT' && isTlsFile(cause, settings)))
    return `证书或私钥无法使用，请检查 YINGYUN_TLS_CERT 与 YINGYUN_TLS_KEY${dicomTlsNames(settings)}（${cause.message}）。`;
  if (code === 'EACCES') return '没有权限监听端口或读写数据目录。';
  if (code === 'ENOSPC') return '磁盘空间不足，无法启动。';
  if (databaseCodes.test(code)) return `无法连接数据库，请检查 YINGYUN_DATABASE_URL（${code}）。`;
  return undefined;
}

function isTlsFile(cause: CodedError, { tls, dicomTls }: Settings): boolean {
  const own = dicomTls?.certificate;
  const files = [tls?.certFile, tls?.keyFile, own?.certFile, own?.keyFile, dicomTls?.clientCaFile];
  return 'path' in cause && typeof cause.path === 'string' && files.includes(cause.path);
}

function dicomTlsNames({ dicomTls }: Settings): string {
  return dicomTls === undefined ? '' : '、YINGYUN_DICOM_TLS_CERT、YINGYUN_DICOM_TLS_KEY、YINGYUN_DICOM_TLS_CLIENT_CA';
}

function takenPort(cause: CodedError, settings: Settings): string {
  const port = 'port' in cause ? String(cause.port) : '';
  const variable =
    {
      [settings.httpPort]: 'YINGYUN_HTTP',
      ...(settings.dicomTls === undefined ? {} : { [settings.dicomTls.port]: 'YINGYUN_DICOM_TLS' }),
      ...(settings.dicomPort === null ? {} : { [settings.dicomPort]: 'YINGYUN_DICOM' }),
      [settings.mllpPort]: 'YINGYUN_MLLP',
    }[port] ?? 'YINGYUN_HTTP / YINGYUN_DICOM / YINGYUN_MLLP';
  return `端口 ${port} 已被占用。请关闭占用它的程序，或用 ${variable} 指定其他端口。`;
}
