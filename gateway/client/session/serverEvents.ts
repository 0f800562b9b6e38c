/** One event of a `text/event-stream` (HTML standard, section 9.2). */
export type ServerEvent = Readonly<{ event: string; data: string; id?: string }>

/** An event longer than this is nobody's. */
const EVENT_CHARS_MAX = 1_048_576

/** The events of a stream, as they come. An event that was not ended by an empty line is none. Throws where one never ends. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of body) {
    text += decoder.decode(part, { stream: true })
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/)
    text = blocks.pop() ?? ''
    if (text.length > EVENT_CHARS_MAX) throw new Error('the stream has an event without an end')
    for (const block of blocks) {
      const event = eventOf(block)
      if (event) yield event
    }
  }
}

function eventOf(block: string): ServerEvent | undefined {
  const fields = block.split(/\r\n|\n|\r/).flatMap((line) => {
    const [, name, value] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? []
    return name === undefined ? [] : [[name, value ?? ''] as const]
  })
  const data = fields.filter(([name]) => name === 'data').map(([, value]) => value)
  if (data.length === 0) return undefined
  const last = (wanted: string) => fields.findLast(([name]) => name === wanted)?.[1]
  const id = last('id')
  return { event: last('event') ?? 'message', data: data.join('\n'), ...(id === undefined ? {} : { id }) }
}
