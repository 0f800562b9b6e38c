import { parentPort, workerData } from 'node:worker_threads'
import { openPublicPost } from '../../adapters/publicHttp/openPublicPost.ts'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import { openWebhookOutbox } from '../../adapters/webhookOutbox/sqlite/openWebhookOutbox.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { createCourier } from '../../gateway/events/webhooks/courier.ts'
import { clockAhead } from './clockAhead.ts'
import type { CourierStart, ToCourier } from './webhooksLink.ts'

/** How often it looks for new events: nobody has to tell it, so that payments pay nothing for webhooks. */
const LOOK_MS = 25

/** Brings events to endpoints until it is told to end. */
function run({ readPath, outboxPath, localHosts, aheadS }: CourierStart): void {
  invariant(parentPort, 'webhooks are brought by a thread')
  const port = parentPort
  const reads = openReadModel(readPath)
  const outbox = openWebhookOutbox(outboxPath)
  const http = openPublicPost({ localHosts })
  const courier = createCourier({
    reads,
    outbox,
    post: http.post,
    now: aheadS ? clockAhead(aheadS) : () => Date.now(),
    signedAt: () => Date.now(),
    random: () => Math.random(), // not money: a wait
    tell: (notice) => port.postMessage(notice),
  })
  const looking = setInterval(courier.tick, LOOK_MS)
  port.on('message', (message: ToCourier) => {
    if (message.kind === 'addresses') return courier.hear(message.addresses)
    clearInterval(looking)
    courier.close()
    http.close()
    outbox.close()
    reads.close()
    port.close()
  })
}

run(workerData as CourierStart) // What `courierThread` gave it.
