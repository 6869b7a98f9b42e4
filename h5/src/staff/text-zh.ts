/** What signing in and out says, on every surface of the hospital's staff. */
export const text = {
  signInHint: '使用医院分配的账号，并输入身份验证器上的动态码',
  account: '账号',
  password: '密码',
  oneTimeCode: '6 位动态码',
  signIn: '登录',
  signingIn: '正在登录…',
  signInRefused: '账号、密码或动态码不正确。',
  signInLocked: '尝试次数过多，请稍后再试。',
  signInIncomplete: '请填写账号、密码和 6 位动态码。',
  endedExpired: '登录已过期，请重新登录。',
  endedIdle: '15 分钟没有操作，已自动退出。',
  endedByHand: '已安全退出。',
  idleSoon: '即将因长时间没有操作而自动退出，移动鼠标或按任意键继续。',
  offline: '网络不通，请检查网络后重试。',
  failed: '系统繁忙，请稍后重试。',
} as const;
