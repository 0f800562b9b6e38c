const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES_MAX = 64 * 1024

/** A whole response at the beginning of `bytes`: its status and how many bytes it takes; undefined while some are missing (RFC 9112). */
export function readResponse(bytes: Buffer): { status: number; length: number } | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) {
    if (bytes.length > HEAD_BYTES_MAX) throw new Error(`the head of a response has more than ${HEAD_BYTES_MAX} bytes`)
    return undefined
  }
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
  if (!status) throw new Error(`not a response: ${head.slice(0, 40)}`)
  const start = headEnd + HEAD_END.length
  if (status === 204 || status === 304) return { status, length: start }
  const declared = /^content-length: *(\d+)/im.exec(head)?.[1]
  const end = declared === undefined ? chunkedEnd(bytes, start) : start + Number(declared)
  return end === undefined || end > bytes.length ? undefined : { status, length: end }
}

/** Where a chunked body ends; undefined while it does not. Trailers are not used by any server here. */
function chunkedEnd(bytes: Buffer, start: number): number | undefined {
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('a response has neither a length nor chunks')
    at = lineEnd + 2 + size + 2
    if (at > bytes.length) return undefined
    if (size === 0) return at
  }
}
