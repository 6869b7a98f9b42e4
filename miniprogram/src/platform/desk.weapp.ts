import type { ListenAtDesk } from './desk-contract';

/** A phone has fingers only. */
export const listenAtDesk: ListenAtDesk = () => () => {};
