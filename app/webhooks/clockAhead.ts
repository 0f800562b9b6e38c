const MS_PER_S = 1_000

/** The machine's clock, put forward by as many seconds as the memory says that threads share. */
export function clockAhead(shared: SharedArrayBuffer): () => number {
  const seconds = new Int32Array(shared)
  return () => Date.now() + Atomics.load(seconds, 0) * MS_PER_S
}
