/** One event of a `text/event-stream` (HTML standard, section 9.2). */
export type ServerEvent = Readonly<{ event: string; data: string; id?: string }>

/** An event longer than this is nobody's. */
const EVENT_CHARS_MAX = 1_048_576

/**
 * The events of a stream, as they come. An event that was not ended by an empty line is none. With `marks` come those too that have an id and
 * no data: they say where the stream stands. Throws where an event never ends.
 */
export async function* serverEvents(body: AsyncIterable<Uint8Array>, { marks = false } = {}): AsyncGenerator<ServerEvent> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of body) {
    text += decoder.decode(part, { stream: true })
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/)
    text = blocks.pop() ?? ''
    if (text.length > EVENT_CHARS_MAX) throw new Error('the stream has an event without an end')
    for (const block of blocks) {
      const event = eventOf(block, marks)
      if (event) yield event
    }
  }
}

function eventOf(block: string, marks: boolean): ServerEvent | undefined {
  const fields = block.split(/\r\n|\n|\r/).flatMap((line) => {
    const [, name, value] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? []
    return name === undefined ? [] : [[name, value ?? ''] as const]
  })
  const data = fields.filter(([name]) => name === 'data').map(([, value]) => value)
  const last = (wanted: string) => fields.findLast(([name]) => name === wanted)?.[1]
  const id = last('id')
  if (data.length === 0 && !(marks && id !== undefined)) return undefined
  return { event: last('event') ?? 'message', data: data.join('\n'), ...(id === undefined ? {} : { id }) }
}
