import Taro from '@tarojs/taro';
import type { Send } from '@yingyun/shared/contract/api-client';
import { apiBase } from './api-base';

const timeoutMs = 20_000;

/** `Send` over Taro.request: JSON both ways, the token in the Authorization header only, 20 s until it counts as no answer. */
export const taroSend: Send = async (request) => {
  const answer = await Taro.request<unknown>({
    url: `${apiBase}${request.path}`,
    method: request.method,
    timeout: timeoutMs,
    dataType: 'json',
    header: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { data: request.body as object }), // every body of the contract is an object
  });
  return { status: answer.statusCode, body: typeof answer.data === 'object' ? answer.data : null };
};
