import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { letGo } from './letGo.ts'

test('a server that closes waits for the request it works on, and for no connection that says nothing or half of something', async () => {
  let finish: (() => void) | undefined
  const server = createServer((_, response) => {
    finish = () => response.end('done')
  })
  const { closing } = letGo(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dial = async (words: string) => {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    socket.write(words)
    return socket
  }
  const ended: Promise<unknown>[] = []
  for (const words of ['', 'GET / HTTP/1.1\r\nHost: x\r\n']) ended.push(once(await dial(words), 'close'))
  const asked = await dial('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  if (!finish) await once(server, 'request')
  const closed = new Promise((resolve) => server.close(resolve))
  closing()
  const said = once(asked, 'data')
  finish!()
  expect(String((await said)[0])).toContain('done')
  await closed
  await Promise.all(ended)
})
