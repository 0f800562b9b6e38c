/** An event of a stream, as one line of JSON; without it only where the stream stands. */
export type ReceivedEvent = Readonly<{ id: string; data: string | undefined }>

/** Reads text/event-stream (HTML, section 9.2) as far as this gateway writes it: one line of each field. */
export async function* eventLines(body: ReadableStream<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of body) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
      const [id, data] = [fields.get('id'), fields.get('data')]
      if (id !== undefined) yield { id, data }
    }
  }
}
