/** A request ready to be sent: nothing is signed or computed while the clock runs. Header names in any case; `host` and lengths are added. */
export type PreparedRequest = Readonly<{ method: string; path: string; headers: Readonly<Record<string, string>>; body?: string }>

/** The bytes of a request on the wire (RFC 9112). */
export function requestBytes(request: PreparedRequest, host: string): Buffer {
  const body = Buffer.from(request.body ?? '')
  const lines = [`${request.method} ${request.path} HTTP/1.1`, `host: ${host}`]
  for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${value}`)
  if (body.length > 0) lines.push(`content-length: ${body.length}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}
