import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EVENT_TYPES, EVENTS, eventSchema } from './catalog.ts'

const PAGE = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')

test('the page has a row for every type of event with its version and its words, and none for another', () => {
  const rows = [...PAGE.matchAll(/^\| `([^`]+)` +\| (\d+) +\| (.*?) +\|$/gm)].map(([, type, version, words]) => [type, version, words])
  expect(rows).toEqual(EVENT_TYPES.map((type) => [type, `${EVENTS[type].version}`, EVENTS[type].summary]))
})

test('the event that the page shows is as the catalog says', () => {
  const shown: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(PAGE)![1]!)
  expect(eventSchema('payment.settled').safeParse(shown)).toMatchObject({ success: true })
})
