import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openWebhookLog } from '../../adapters/webhookOutbox/sqlite/openWebhookLog.ts'
import { openWebhookOutbox } from '../../adapters/webhookOutbox/sqlite/openWebhookOutbox.ts'
import type { CourierThread } from '../../gateway/events/openWebhooks.ts'
import type { Notice } from '../../gateway/events/webhooks/address.ts'
import type { WebhookLog } from '../../gateway/ports/webhookOutbox.ts'
import type { CourierStart, ToCourier } from './webhooksLink.ts'

// Beside this file under the same ending: .ts as it is, .js once compiled.
const THREAD = new URL(`./webhooksThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)
const KEY_BYTES = 32

type Options = Pick<CourierStart, 'localHosts' | 'aheadS'> & Readonly<{ dataDir: string; log: (line: string) => void }>

/** The thread that brings webhooks, and its outbox in the data folder. */
export function courierThread({ dataDir, localHosts, aheadS, log }: Options) {
  const start: CourierStart = { readPath: join(dataDir, 'read.db'), outboxPath: join(dataDir, 'webhooks.db'), localHosts, aheadS }
  return (onNotice: (notice: Notice) => void, onEnded: () => void): CourierThread => {
    let worker: Worker | undefined
    const post = (to: Worker, message: ToCourier) => to.postMessage(message)

    function begin(): Worker {
      const started = new Worker(THREAD, { workerData: start, name: 'webhooks' })
      started.on('message', onNotice)
      started.on('error', (error) => log(`webhooks: ${error instanceof Error ? error.message : String(error)}; it is started again`))
      started.once('exit', () => {
        if (worker === started) worker = undefined
        onEnded()
      })
      return started
    }

    return {
      post(addresses) {
        worker ??= begin()
        post(worker, { kind: 'addresses', addresses })
      },
      async close() {
        const ending = worker
        if (!ending) return
        const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
        post(ending, { kind: 'end' })
        await ended
      },
    }
  }
}

/** Deliveries as they are seen. The outbox is made where there is none. */
export function webhookLog(dataDir: string): WebhookLog {
  const path = join(dataDir, 'webhooks.db')
  openWebhookOutbox(path).close()
  return openWebhookLog(path)
}

/** The key that the secrets of endpoints follow from: made at the first start, kept beside the journal, readable by its owner only. */
export function webhookKey(dataDir: string): Uint8Array {
  const path = join(dataDir, 'webhook-key')
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600 })
    chmodSync(path, 0o600)
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
  if (key.length !== KEY_BYTES) throw new Error(`${path} is not ${KEY_BYTES} bytes as hex. Restore it from a copy.`)
  return key
}
