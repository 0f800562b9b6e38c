/** A 402 with a longer body is not read as a challenge; its headers still count. */
export const CHALLENGE_BODY_BYTES_MAX = 65_536

/** The text of a copy of the response; undefined when it is longer than the bound. The original stays readable for the caller. */
export async function boundedText(copy: Response, bytesMax = CHALLENGE_BODY_BYTES_MAX): Promise<string | undefined> {
  if (!copy.body) return undefined
  const reader = copy.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.length
    if (size > bytesMax) {
      // Not awaited: cancelling one of two branches waits for the other (WHATWG Streams, tee), which is the caller's.
      reader.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
