/** Answers up to this size are kept for a repeat of the request. */
export const KEPT_BYTES_MAX = 65_536
/** A body that has not ended after so long is a stream: it is given on as it comes. */
export const STREAM_AFTER_MS = 100

/** The chunks as one text, or undefined when they are no text: such bytes would come back spoiled. */
export function keptText(chunks: readonly Uint8Array[]): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
  } catch {
    // Not UTF-8.
    return undefined
  }
}

/** What was given of an answer, as long as it may be kept. */
export type HeldParts = ReturnType<typeof heldParts>

export function heldParts() {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const tooLong = () => bytes > KEPT_BYTES_MAX
  return {
    tooLong,
    add(part: Uint8Array): void {
      bytes += part.byteLength
      if (tooLong()) chunks.length = 0
      else chunks.push(part)
    },
    /** Undefined for what is too long, or no text. */
    text: (): string | undefined => (tooLong() ? undefined : keptText(chunks)),
    drop(): void {
      chunks.length = 0
      bytes = 0
    },
    /** Nothing more is held. */
    close(): void {
      chunks.length = 0
      bytes = KEPT_BYTES_MAX + 1
    },
  }
}
