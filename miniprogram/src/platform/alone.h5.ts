/**
 * Runs `act` while no other tab of this browser runs its own: a refresh token is good for one renewal, and two tabs share it.
 * Where the browser has no locks it runs at once.
 */
export function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks; // absent before Safari 15.4 and on plain HTTP
  return locks === undefined ? act() : locks.request(name, act).then((result) => result as T); // the lock's own type wraps it once more
}
