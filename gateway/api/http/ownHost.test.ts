import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { newApp } from '../app.ts'

/** A gateway that listens on this machine, and what it answers a request that names this host. */
async function listening(publicUrl?: string) {
  const app = newApp({ publicUrl })
  app.get('/', async (r) => ({ host: r.host }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const ask = (host: string, headers: Record<string, string> = {}, path = '/') =>
    new Promise<{ status: number; body: { code?: string; host?: string } }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, headers: { host, ...headers } }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }))
      })
      sent.once('error', reject).end()
    })
  return { ask, port }
}

test('a request that names another host is refused, before any route', async () => {
  const { ask, port } = await listening()
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.2:${port}`,
    `127.0.0.1:${port + 1}`,
    `evil@127.0.0.1:${port}`,
  ]) {
    expect(await ask(host), host).toMatchObject({ status: 421, body: { code: 'misdirected_request' } })
    expect(await ask(host, {}, '/no/such/path'), host).toMatchObject({ status: 421 })
  }
  expect(await ask('evil.example', { 'x-forwarded-host': `127.0.0.1:${port}` })).toMatchObject({ status: 421 })
})

test('the address that a request came in on is ours, and so is localhost on this machine', async () => {
  const { ask, port } = await listening()
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) expect((await ask(host)).status, host).toBe(200)
})

test('the host of the public URL is ours, with or without the port of its scheme', async () => {
  const { ask, port } = await listening('https://pay.example')
  for (const host of ['pay.example', 'PAY.example', 'pay.example:443', `127.0.0.1:${port}`])
    expect((await ask(host)).status, host).toBe(200)
  for (const host of ['pay.example:80', 'pay.example.evil.example', 'other.example']) expect((await ask(host)).status, host).toBe(421)
  const odd = await listening('https://pay.example:8443/behind/a/path')
  expect((await odd.ask('pay.example:8443')).status).toBe(200)
  expect((await odd.ask('pay.example')).status).toBe(421)
})
