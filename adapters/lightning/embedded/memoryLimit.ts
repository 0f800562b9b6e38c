/** LDK's WebAssembly memory only grows, by some 15 kB a payment, and ends at 4 GB. A new process costs a second and loses nothing. */
export const EXTERNAL_BYTES_MAX = 1 << 30
/** A process that starts above its limit may still grow by this much, or it would be replaced for ever. */
const GROWTH_BYTES_MIN = 1 << 20

/** Whether a process that began with `begunWith` bytes of WebAssembly memory and has `now` must make way for a new one. */
export function mustRecycle(bytes: { begunWith: number; now: number; max: number }): boolean {
  return bytes.now >= bytes.max && bytes.now - bytes.begunWith >= GROWTH_BYTES_MIN
}
