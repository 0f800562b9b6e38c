import { drive } from '../../ledger/process/drive.ts'
import type { WaitLimits } from '../../ledger/process/ends.ts'
import type { NetContext } from './context.ts'
import type { Gain } from './gain.ts'
import { type JoinNet, joinNet, keyOf } from './joinNet.ts'
import { type Net, totalOf } from './net.ts'
import { netSteps } from './netSteps.ts'
import { type NetEffect, nextEffect } from './nextEffect.ts'
import { createSeats } from './seats.ts'
import { type MemberView, viewMember } from './view.ts'

/** More steps than any net takes without waiting. */
const STEPS_MAX = 6

type NetOptions = Omit<NetContext, 'prices'> &
  Readonly<{
    /** Told of an error that no step expects; by default it is thrown, which stops the process. */
    onFatal?: (error: unknown) => void
  }>

export type Netting = Readonly<{
  /** Resolves when the payout and its hold are durable; it is paid with others, by the time that its bounds say. */
  join(command: JoinNet): Promise<MemberView>
  /** A payout that was netted, or undefined for any other. */
  find(id: string): MemberView | undefined
  /** The same when its net has its end, or as it is at the limits. */
  wait(id: string, limits: WaitLimits): Promise<MemberView | undefined>
  gainOf(source: string): Gain
  /** After the payouts have been taken up: goes on with every open net. */
  start(): void
  /** Starts no more steps; resolves when those under way are recorded. */
  close(): Promise<void>
}>

/** Collects payouts, pays them together, and books the end. Its records must have been made before the books started. */
export function createNetting(options: NetOptions): Netting {
  const { records, clock, policy, log } = options
  const context: NetContext = { ...options, prices: new Map() }
  const seats = createSeats(records.open, (net) => keyOf({ destination: net.destination, asset: totalOf(net).asset.id }))
  const driven = drive<Net, NetEffect>({
    name: 'net',
    records,
    next: (net) => nextEffect(net, clock.now(), { price: context.prices.get(net.id), policy: policy.waiting }),
    steps: netSteps(context, seats),
    width: policy.lanes,
    retryMs: policy.retryMs,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal: options.onFatal,
  })

  function find(id: string): MemberView | undefined {
    const net = records.ofMember(id)
    return net && viewMember(net, id)
  }

  return {
    async join(command) {
      const { net, id } = await joinNet(context, seats, command)
      return viewMember(net, id)
    },
    find,
    async wait(id, limits) {
      const net = records.ofMember(id)
      if (net && !net.ended) await records.waitForEnd(net.id, limits)
      return find(id)
    },
    gainOf: (source) => records.gainOf(source),
    start() {
      for (const net of records.open()) countMembers(options, net, net.members)
      records.onChange((id) => {
        const net = records.get(id)!
        // Who joined is the last; at its end the net lets all of them go.
        countMembers(options, net, net.ended ? net.members : net.members.slice(-1))
      })
      records.onChange(driven.wake)
      void driven.resume()
    },
    close: driven.close,
  }
}

/** What joined a net counts until the net has its end. */
function countMembers({ payouts, policy }: Pick<NetContext, 'payouts' | 'policy'>, net: Net, members: Net['members']): void {
  for (const { id, source, amount } of members) {
    const wanted = { id, source, behalf: { account: source }, amount, destinations: [net.destination] }
    if (net.ended) payouts.members.end(id)
    else payouts.members.stand(wanted, { net: net.id, openMax: policy.openMax })
  }
}
