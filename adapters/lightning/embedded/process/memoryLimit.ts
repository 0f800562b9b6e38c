/** What LDK's WebAssembly module may have at most (16,384 pages); it dies with the next page. */
export const MODULE_BYTES_MAX = 1 << 30
/** Its memory only grows, by some 50 kB a payment. A new process costs a second and loses nothing, and what is under way meanwhile needs room too. */
export const EXTERNAL_BYTES_MAX = MODULE_BYTES_MAX / 2
/** A process that starts above its limit may still grow by this much, or it would be replaced for ever. */
const GROWTH_BYTES_MIN = 1 << 20

/** Whether a process that began with `begunWith` bytes of WebAssembly memory and has `now` must make way for a new one. */
export function mustRecycle(bytes: { begunWith: number; now: number; max: number }): boolean {
  return bytes.now >= bytes.max && bytes.now - bytes.begunWith >= GROWTH_BYTES_MIN
}
