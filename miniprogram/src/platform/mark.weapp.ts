/** WeChat's timeline takes no marks of ours. */
export function mark(_name: string): void {}
