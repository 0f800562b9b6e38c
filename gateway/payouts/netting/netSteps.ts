import type { Steps } from '../../ledger/process/drive.ts'
import { min } from '../../money/integers.ts'
import { closeNet } from './closeNet.ts'
import type { NetContext } from './context.ts'
import { endNet } from './endNet.ts'
import type { Net } from './net.ts'
import type { NetEffect } from './nextEffect.ts'
import { payNet } from './payNet.ts'
import { priceNet } from './priceNet.ts'
import type { Seats } from './seats.ts'

/** Timers of Node end at 2^31 ms; a net is looked at long before. */
const LOOK_MS_MAX = 3_600_000

/** What each step of a net does. */
export function netSteps(context: NetContext, seats: Seats): Steps<Net, NetEffect> {
  return {
    none: () => 'wait',
    wait: () => 'wait',
    waitUntil: (_, { at }) => min(at - context.clock.now(), LOOK_MS_MAX),
    price: (net) => priceNet(context, net),
    close: (net, { reason }) => closeNet(context, seats, { id: net.id, reason }),
    pay: (net) => payNet(context, net),
    end: (net, { outcome }) => endNet(context, net, outcome),
  }
}
