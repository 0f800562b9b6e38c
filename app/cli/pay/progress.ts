/** A shorter wait needs no line. */
const QUIET_MS = 1_000
const EVERY_MS = 250

/** How far a long answer has come, in one line that is written again, where a person looks on and the answer itself is not shown: `toFile`, it never is. */
export function progressOf(contentLength: string | null, toFile = false): Readonly<{ at: (bytes: number) => void; end: () => void }> {
  const { stderr, stdout } = process
  const isSeen = stderr.isTTY === true && (toFile || stdout.isTTY !== true)
  const whole = /^[0-9]{1,15}$/.test(contentLength ?? '') ? ` of ${sizeText(Number.parseInt(contentLength!, 10))}` : ''
  let next = performance.now() + QUIET_MS
  let isShown = false
  return {
    at(bytes) {
      if (!isSeen || performance.now() < next) return
      next = performance.now() + EVERY_MS
      isShown = true
      stderr.write(`\r     ${sizeText(bytes)}${whole}\u001b[K`)
    },
    end() {
      if (isShown) stderr.write('\r\u001b[K')
    },
  }
}

/** "800 bytes", "12 kB", "3 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB` // not money: bytes
}
