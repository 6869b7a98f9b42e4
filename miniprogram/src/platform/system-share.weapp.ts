/** WeChat passes mini-program pages on to people and groups. */
export const hasSystemShare = true;
