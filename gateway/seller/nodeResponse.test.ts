import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { headersBefore, setReply } from './nodeResponse.ts'

test('a reply takes the place of what was set before, but for what lets a page read it', () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const ofThePage = { 'access-control-allow-origin': 'https://page.example', 'access-control-expose-headers': 'X-Total', vary: 'Origin' }
  for (const [name, value] of Object.entries({ ...ofThePage, etag: '"1"', 'cache-control': 'public' })) response.setHeader(name, value)
  setReply(response, { status: 402, headers: [['cache-control', 'no-store']], body: '' }, headersBefore(response))
  expect([response.statusCode, { ...response.getHeaders() }]).toEqual([402, { ...ofThePage, 'cache-control': 'no-store' }])
})
