/**
 * Work that is cheaper for many than for each: one transaction, one round trip. Calls of one name that come within a moment, or
 * while others are worked off, are worked off together.
 */
export interface Together {
  /**
   * The answer to this input. `work` answers many inputs, in their order, in one transaction. Where it throws, each input is tried
   * alone, so that one bad input fails only itself; so `work` must bear running again even where its commit went unheard.
   * Calls of one name give functions that do the same; any of them may be the one that runs.
   */
  run<I, O>(name: string, input: I, work: (inputs: readonly I[]) => Promise<readonly O[]>): Promise<O>;
}
