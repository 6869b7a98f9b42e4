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
        if (process.stdout.isTTY) process.stdout.write(`\r已发送 ${progress.done} / ${files.length}`);
      },
    },
    files.map((file) => ({ path: file })),
  );
  const counts = { sent: 0, refused: 0, unreadable: 0 };
  for (const file of report.files) {
    counts[file.outcome] += 1;
    if (file.outcome !== 'sent')
      print(`${file.outcome === 'refused' ? '✗ 被拒收' : '– 不是可发送的 DICOM'}  ${file.name}  ${file.reason}`);
  }
  print(
    `\n共 ${files.length} 个文件：已接收 ${counts.sent}，被拒收 ${counts.refused}，无法读取 ${counts.unreadable}，用时 ${((Date.now() - began) / 1000).toFixed(1)} 秒`,
  );
  return counts.refused > 0 || counts.sent === 0 ? 1 : 0;
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
