import { type Asked, postOf, type Said } from './post.ts'

/** Of a gateway's own limits (gateway/api/routes/admissionWire.ts): so many calls, and in any letters no more bytes than its batch may have. */
const CALLS_MAX = 64
const CHARS_MAX = 262_144

type Send = (json: string, deadlineMs: number) => Promise<Said | undefined>

/** Sends what is asked within one turn as one request: it costs more to send one than to answer what is in it. */
export function collectCalls(o: Readonly<{ gateway: string; key: string }>): Send {
  const { post, batches } = postOf(o)
  let calls: Asked[] = []
  let chars = 0

  function flush(): void {
    const sent = calls
    calls = []
    chars = 0
    if (sent.length > 0) post(sent)
  }

  return (json, deadlineMs) =>
    new Promise((tell) => {
      if (chars + json.length > CHARS_MAX) flush()
      calls.push({ json, deadlineMs, tell })
      chars += json.length
      if (!batches || calls.length === CALLS_MAX) flush()
      else if (calls.length === 1) setImmediate(flush)
    })
}
