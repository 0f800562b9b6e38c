import { expect, test } from 'vitest'
import { createGateway } from './createGateway.ts'

const STREAM = { 'content-type': 'text/event-stream' }
const eventOf = (id: string) => `id: ${id}\nevent: key.ended\ndata: ${JSON.stringify({ id, type: 'key.ended' })}\n\n`
const stream = (text: string) => new Response(text, { headers: STREAM })
const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ code, title: code, detail: code, hint: '', outcome: 'failed' }), { status })

/** What is read of a gateway that answers these in turn, and where it was asked. */
async function readFrom(says: readonly (() => Response)[], o: { after?: string; count: number }) {
  const asked: string[] = []
  const fetch = async (input: unknown) => {
    asked.push(new URL(String(input)).searchParams.get('after') ?? '-')
    return says[Math.min(asked.length, says.length) - 1]!()
  }
  const gateway = createGateway({ url: 'http://127.0.0.1', fetch: fetch as typeof globalThis.fetch })
  const seen: string[] = []
  let error: unknown
  try {
    for await (const { id } of gateway.events(o.after === undefined ? {} : { after: o.after })) if (seen.push(id) === o.count) break
  } catch (thrown) {
    error = thrown
  }
  return { asked, seen, error }
}

test('a stream that breaks goes on behind the event that came last', async () => {
  const says = [() => stream(`id: evt_0\n\n${eventOf('evt_1')}${eventOf('evt_2')}`), () => stream(`id: evt_2\n\n${eventOf('evt_3')}`)]
  expect(await readFrom(says, { count: 3 })).toEqual({ asked: ['-', 'evt_2'], seen: ['evt_1', 'evt_2', 'evt_3'], error: undefined })
})

test('one that breaks before its first event goes on from where it began', async () => {
  const says = [() => stream('id: evt_7\n\n'), () => problem(503, 'too_busy'), () => stream(eventOf('evt_8'))]
  expect(await readFrom(says, { count: 1 })).toMatchObject({ asked: ['-', 'evt_7', 'evt_7'], seen: ['evt_8'] })
})

test('where no stream can be had, pages are looked at, from what was read', async () => {
  const page = () => new Response(JSON.stringify({ data: [{ id: 'evt_5', type: 'key.ended' }], has_more: false, next: 'evt_5' }))
  const says = [() => problem(429, 'too_many_streams'), page]
  expect(await readFrom(says, { after: 'evt_4', count: 1 })).toEqual({ asked: ['evt_4', 'evt_4'], seen: ['evt_5'], error: undefined })
})

test('a key that may not, and a stream that cannot be had without a place to go on from, are told', async () => {
  expect((await readFrom([() => problem(403, 'key_not_allowed')], { count: 1 })).error).toMatchObject({ code: 'key_not_allowed' })
  expect((await readFrom([() => new Response('<h1>Hello</h1>')], { count: 1 })).error).toMatchObject({ code: 'unreadable_answer' })
})
