import { beforeEach, expect, it } from 'vitest';
import { textMessage } from '../../ports/schema';
import { type OutgoingTextMessage, type TextMessageContent, textMessagePlace } from '../../ports/text-message';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createReportWorld } from '../../testing/report-world';
import { sendTextMessage } from './send-text-message';

describeEachDatabase('sending a text message', (open) => {
  let world: Awaited<ReturnType<typeof createReportWorld>>;
  let answers: ('sent' | 'not-sent' | 'refused' | Error)[];
  let sent: OutgoingTextMessage[];
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
    answers = [];
    sent = [];
  });

  const send = (id = 'm1') =>
    sendTextMessage(
      {
        ...world.ports,
        textMessages: {
          channel: 'test',
          send: async (message) => {
            sent.push(message);
            const answer = answers.shift() ?? 'sent';
            if (answer instanceof Error) throw answer;
            return answer;
          },
        },
      },
      id,
    );
  async function put(state = 'waiting'): Promise<void> {
    const content: TextMessageContent = { to: { phone: '13800138000' }, params: { code: '123456', validMinutes: 5 } };
    await world.database.insert(textMessage).values({
      id: 'm1',
      template: 'sign-in-code',
      contentSealed: await world.ports.fields.seal(textMessagePlace('m1'), JSON.stringify(content)),
      state,
      expiresAt: new Date(world.ports.clock.now().getTime() + 300_000),
      createdAt: world.ports.clock.now(),
    });
  }
  const left = async () =>
    (await world.database.select().from(textMessage)).map((row) => `${row.state} ${row.contentSealed.length > 0}`);

  it('sends it once, however often it is asked to, and wipes what was in it', async () => {
    await put();
    const outcomes = await Promise.all([send(), send(), send()]);
    expect(outcomes).toEqual(Array(3).fill({ outcome: 'done' }));
    expect(sent).toMatchObject([{ messageId: 'm1', phone: '13800138000', params: { code: '123456' } }]);
    expect(await left()).toEqual(['sent false']);
    await send();
    expect(sent).toHaveLength(1);
  });

  it('tries again what was certainly not sent, until the code has expired', async () => {
    await put();
    answers = ['not-sent', 'not-sent'];
    expect(await send()).toEqual({ outcome: 'retry', reason: 'not-sent' });
    expect(await send()).toEqual({ outcome: 'retry', reason: 'not-sent' });
    expect(await left()).toEqual(['waiting true']);
    world.ports.clock.advance(300_000);
    expect(await send()).toEqual({ outcome: 'done' });
    expect(sent).toHaveLength(2);
    expect(await left()).toEqual(['expired false']);
  });

  it('never repeats what may have gone out: a throw, or a process that died in the middle', async () => {
    await put();
    answers = [new Error('line cut')];
    expect(await send()).toEqual({ outcome: 'done' });
    expect(await left()).toEqual(['unclear false']);
    await world.database.delete(textMessage);
    await put('sending');
    expect(await send()).toEqual({ outcome: 'done' });
    expect(sent).toHaveLength(1);
    expect(await left()).toEqual(['unclear false']);
  });

  it('gives up what the gateway refuses, without a word about who it was for', async () => {
    await put();
    answers = ['refused'];
    expect(await send()).toEqual({ outcome: 'done' });
    expect(await left()).toEqual(['refused false']);
    const log = JSON.stringify(world.log.lines);
    expect(log).toContain('text-message-refused');
    for (const secret of ['13800138000', '123456']) expect(log).not.toContain(secret);
  });
});
