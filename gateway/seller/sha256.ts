/** Bodies up to this size make a request another one; longer ones are not read before the work. */
const DIGESTED_BYTES_MAX = 1_048_576

/** SHA-256 in hex, with what every runtime has. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** True for a body of this declared length that is read for its digest. */
export function isDigested(contentLength: string | null | undefined): boolean {
  return /^[1-9]\d{0,6}$/.test(contentLength ?? '') && Number.parseInt(contentLength!, 10) <= DIGESTED_BYTES_MAX
}
