declare const YINGYUN_API: string;

/** Where the API is: the build's `YINGYUN_API`; WeChat allows only domains that the account has registered. */
export const apiBase = YINGYUN_API;
