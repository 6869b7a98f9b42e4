import type { TextMessages } from '../../ports/text-message';

/**
 * The demo's text messages (design D16): a line on the server's own terminal, like its other credentials, and never in its log.
 * `print` writes one line.
 */
export function createConsoleTextMessages(print: (line: string) => void): TextMessages {
  return {
    channel: 'console',
    send: async ({ phone, template, params }) => {
      const purpose = template === 'sign-in-code' ? '登录' : '绑定就诊档案';
      const to = `${phone.slice(0, 3)}****${phone.slice(-4)}`;
      print(`〔短信〕${to}  ${purpose}验证码 ${params.code}，${params.validMinutes} 分钟内有效`);
      return 'sent';
    },
  };
}
