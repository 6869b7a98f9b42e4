/** A mini-program runs once on a device: nobody else renews. */
export function alone<T>(_name: string, act: () => Promise<T>): Promise<T> {
  return act();
}
