import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { download } from './download.ts'

let folder: string
let server: Server | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-download-'))
})
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function asked(answer: RequestListener, file = join(folder, 'new.csv')) {
  const listening = createServer(answer)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo // It listens on a port.
  return download({ url: `http://127.0.0.1:${port}`, key: 'sk_of_the_test', path: '/file', file })
}

test('a file is written as it comes, and counted', async () => {
  const file = join(folder, 'new.csv')
  const written = await asked((request, response) => {
    response.write(`${request.headers.authorization}\n`)
    setTimeout(() => response.end('b\nc'), 20)
  }, file)
  expect(readFileSync(file, 'utf8')).toBe('Bearer sk_of_the_test\nb\nc')
  expect(written).toEqual({ bytes: 25, lines: 2 })
})

test('what is cut off leaves no file behind, and is no success', async () => {
  const file = join(folder, 'new.csv')
  const cut = asked((_, response) => {
    response.write('half of it\n')
    setTimeout(() => response.destroy(), 20)
  }, file)
  await expect(cut).rejects.toMatchObject({ code: 'no_gateway_answers' })
  expect(existsSync(file)).toBe(false)
})

test('a refusal is told in the gateway’s own words, and a stranger’s page is no file', async () => {
  const refusal = { code: 'invalid_request', detail: 'to: 2026-01-01 is before 2026-02-01', hint: 'Name the first day in from.' }
  const refused = asked((_, response) => response.writeHead(400).end(JSON.stringify(refusal)))
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('is before') })
  await expect(asked((_, response) => response.writeHead(404).end('<html>'))).rejects.toMatchObject({ code: 'no_gateway_answers' })
  expect(existsSync(join(folder, 'new.csv'))).toBe(false)
})

test('a file that is there stays as it is', async () => {
  const file = join(folder, 'old.csv')
  writeFileSync(file, 'mine')
  await expect(asked((_, response) => response.end('theirs'), file)).rejects.toThrow('EEXIST')
  expect(readFileSync(file, 'utf8')).toBe('mine')
})
