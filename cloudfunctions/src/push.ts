import { readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { storeFiles } from './gateway/send/store-files';

export interface PushInput {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly print: (line: string) => void;
}

const usage =
  '用法：npm run push -- 目录或文件 [--host 127.0.0.1] [--port 11112] [--called YINGYUN] [--calling PUSH] [--associations 2]';

/** Sends files or whole folders to a gateway by C-STORE and says of each refused file why. Answers with the exit code. */
export async function push({ argv, cwd, print }: PushInput): Promise<number> {
  const options = new Map<string, string>();
  const places: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word.startsWith('--')) options.set(word.slice(2), argv[++i] ?? '');
    else places.push(path.resolve(cwd, word));
  }
  if (places.length === 0) {
    print(usage);
    return 2;
  }
  const files: string[] = [];
  for (const place of places) {
    if (statSync(place, { throwIfNoEntry: false }) === undefined) {
      print(`✗ 找不到 ${place}`);
      return 2;
    }
    files.push(...filesBelow(place));
  }
  const began = Date.now();
  const report = await storeFiles(
    {
      host: options.get('host') ?? '127.0.0.1',
      port: Number(options.get('port') ?? 11112),
      calledAeTitle: options.get('called') ?? 'YINGYUN',
      callingAeTitle: options.get('calling') ?? 'PUSH',
      maxAssociations: Number(options.get('associations') ?? 2),
      onProgress: (progress) => {
        if (process.stdout.isTTY)
          process.stdout.write(`\r已处理 ${progress.sent + progress.refused} / ${files.length}`);
      },
    },
    files,
  );
  for (const file of report.files) {
    switch (file.outcome) {
      case 'sent':
        break;
      case 'refused':
        print(`✗ 被拒收  ${file.file}  0x${file.status.toString(16).padStart(4, '0')} ${file.comment}`);
        break;
      case 'unreadable':
        print(`– 不是可发送的 DICOM  ${file.file}  ${file.reason}`);
        break;
      case 'not-sent':
        print(`✗ 未能送达  ${file.file}  ${file.reason}`);
        break;
      default:
        file satisfies never;
    }
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  print(
    `共 ${files.length} 个文件：已接收 ${report.sent}，被拒收 ${report.refused}，无法读取 ${report.unreadable}，未送达 ${report.notSent}，用时 ${seconds} 秒`,
  );
  return report.refused + report.notSent > 0 || report.sent === 0 ? 1 : 0;
}

function filesBelow(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(path.join(place, entry.name))
        : entry.isFile()
          ? [path.join(place, entry.name)]
          : [],
    );
}
