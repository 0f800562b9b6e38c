import { type EventsAsked, eventsBehind } from './eventsBehind.ts'

/** Prints events as they come, until it is stopped. */
export async function tailEvents(o: EventsAsked): Promise<number> {
  for await (const { data } of eventsBehind(o)) console.log(o.json ? data : lineOf(data))
  return 0
}

type Told = Readonly<{ id: string; created_at: string; type: string; subject: string; data: object }>

function lineOf(body: string): string {
  const { id, created_at: at, type, subject, data } = JSON.parse(body) as Told // The gateway's own answer.
  return `${at}  ${type}  ${subject}  ${id}\n    ${JSON.stringify(data)}`
}
