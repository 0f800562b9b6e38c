/**
 * Parts of the state that a snapshot reads while the state goes on changing: numbers `from` to before `to` are still to be read, and have to be read
 * as they were. Who changes one of them keeps a copy first.
 */
export type Frozen<T extends Uint32Array | Uint8Array> = { from: number; readonly to: number; readonly copies: Map<number, T> }

export function freeze<T extends Uint32Array | Uint8Array>(count: number): Frozen<T> {
  return { from: 0, to: count, copies: new Map() }
}

/** To be called before part `n` changes. */
export function keepCopy<T extends Uint32Array | Uint8Array>(frozen: Frozen<T>, n: number, part: (n: number) => T): void {
  // A slice of a typed array is of its own type.
  if (n >= frozen.from && n < frozen.to && !frozen.copies.has(n)) frozen.copies.set(n, part(n).slice() as T)
}

/** The next part as it was; it is then free to change. Good until the state changes again. */
export function readNext<T extends Uint32Array | Uint8Array>(frozen: Frozen<T>, part: (n: number) => T): T {
  const n = frozen.from++
  const kept = frozen.copies.get(n)
  frozen.copies.delete(n)
  return kept ?? part(n)
}
