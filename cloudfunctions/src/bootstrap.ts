import { BootstrapStarter } from '@midwayjs/bootstrap';
import { MidwayContainer } from '@midwayjs/core';
import * as faas from '@midwayjs/faas';
import * as koa from '@midwayjs/koa';
import { loggers } from '@midwayjs/logger';
import { YingyunConfiguration } from './configuration';

export interface MidwayApp {
  readonly koa: koa.Framework;
  readonly faas: faas.Framework;
  readonly container: MidwayContainer;
  stop(): Promise<void>;
}

/**
 * Starts Midway with both frameworks, and listens nowhere: the koa framework makes its server, startHttp opens the port (Midway's
 * own listening neither waits nor reports a port that is taken). `objects` are injected by name: `@Inject('ports')`.
 * BootstrapStarter rather than Bootstrap: the latter takes over signals and swallows uncaught exceptions of the whole process.
 */
export async function startMidway(
  objects: Readonly<Record<string, unknown>>,
  koaOptions: Readonly<Record<string, unknown>>,
  cookieKey: string,
): Promise<MidwayApp> {
  const container = new MidwayContainer();
  for (const [name, value] of Object.entries(objects)) container.registerObject(name, value);
  const starter = new BootstrapStarter();
  starter.configure({
    appDir: __dirname,
    baseDir: __dirname,
    applicationContext: container,
    moduleLoadType: 'commonjs',
    moduleDetector: false,
    loggerFactory: loggers, // Midway's packages require the logger without declaring it: it is ours to install
    imports: [YingyunConfiguration],
    globalConfig: {
      keys: cookieKey,
      koa: koaOptions,
      // Not ours: no cookies, no session; bodies are read by the admission middleware, after authorisation.
      session: { enable: false },
      bodyParser: { enable: false },
      siteFile: { enable: false },
      midwayLogger: {
        default: { level: 'none', transports: { console: false, file: false, error: false, json: false } },
      },
    },
  });
  await starter.run();
  return {
    koa: await container.getAsync(koa.Framework),
    faas: await container.getAsync(faas.Framework),
    container,
    stop: () => starter.stop(),
  };
}
